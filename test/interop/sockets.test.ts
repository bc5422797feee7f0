import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectNoLeaks, openSocket, WouldBlockError } from '@zera/core'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasPythonZmq, PythonPeer, suiteName, texts } from './python-peer.js'

const directory = mkdtempSync(join(tmpdir(), 'zera-'))
let named = 0

const TRANSPORTS = [
  { transport: 'tcp', freshEndpoint: () => 'tcp://127.0.0.1:*' },
  { transport: 'ipc', freshEndpoint: () => `ipc://${directory}/${++named}` },
]

afterAll(() => rmSync(directory, { recursive: true }))

describe.skipIf(!hasPythonZmq).each(TRANSPORTS)(
  suiteName('sockets and those of Python over $transport'),
  ({ freshEndpoint }) => {
    let python: PythonPeer

    beforeEach(async () => {
      python = await PythonPeer.start()
    })

    afterEach(async () => {
      await python[Symbol.asyncDispose]()
      expectNoLeaks()
    })

    test('REQ asks a REP there', async () => {
      const server = await python.open('REP')
      await using client = await openSocket('REQ')
      await client.connect(await server.bind(freshEndpoint()))

      for (let request = 1; request <= 20; request++) {
        await client.send(['Hello', `${request}`])
        expect(texts(await server.receive())).toEqual(['Hello', `${request}`])
        await server.send(`World ${request}`)
        expect(texts(await client.receive())).toEqual([`World ${request}`])
      }
    })

    test('REP answers a REQ there', async () => {
      await using server = await openSocket('REP')
      const client = await python.open('REQ')
      await client.connect(await server.bind(freshEndpoint()))

      for (let request = 1; request <= 20; request++) {
        await client.send(`Hello ${request}`)
        expect(texts(await server.receive())).toEqual([`Hello ${request}`])
        await server.send(['World', `${request}`])
        expect(texts(await client.receive())).toEqual(['World', `${request}`])
      }
    })

    test('ROUTER tells DEALERs there apart', async () => {
      await using router = await openSocket('ROUTER')
      const endpoint = await router.bind(freshEndpoint())
      const dealers = {
        ann: await python.open('DEALER', { IDENTITY: 'ann' }),
        bob: await python.open('DEALER', { IDENTITY: 'bob' }),
      }
      for (const [name, dealer] of Object.entries(dealers)) {
        await dealer.connect(endpoint)
        await dealer.send(['', `I am ${name}`])
      }

      const greetings = [texts(await router.receive()), texts(await router.receive())].toSorted((a, b) =>
        String(a[0]).localeCompare(String(b[0])),
      )
      expect(greetings).toEqual([
        ['ann', '', 'I am ann'],
        ['bob', '', 'I am bob'],
      ])

      await router.send(['bob', '', 'for bob'])
      await router.send(['ann', '', 'for ann'])
      expect(texts(await dealers.ann.receive())).toEqual(['', 'for ann'])
      expect(texts(await dealers.bob.receive())).toEqual(['', 'for bob'])
    })

    test('DEALER is known to a ROUTER there by its routing id, with many requests under way', async () => {
      const router = await python.open('ROUTER')
      await using dealer = await openSocket('DEALER', { routingId: 'zera' })
      await dealer.connect(await router.bind(freshEndpoint()))

      await Promise.all(numbers(50).map(number => dealer.send(['', number])))

      for (const number of numbers(50)) expect(texts(await router.receive())).toEqual(['zera', '', number])
      for (const number of numbers(50)) await router.send(['zera', '', `done ${number}`])
      for (const number of numbers(50)) expect(texts(await dealer.receive())).toEqual(['', `done ${number}`])
    })

    test('XPUB sees the subscription of a SUB there, and sends it the envelopes of that key alone', async () => {
      await using publisher = await openSocket('XPUB')
      const subscriber = await python.open('SUB')
      await subscriber.subscribe('B')
      await subscriber.connect(await publisher.bind(freshEndpoint()))
      expect(texts(await publisher.receive())).toEqual(['\u0001B'])

      await publisher.send(['A', 'from here', 'B is in the data'])
      await publisher.send(['B', 'from here', 'first'])
      await publisher.send(['BB', 'from here', 'second'])

      expect(texts(await subscriber.receive())).toEqual(['B', 'from here', 'first'])
      expect(texts(await subscriber.receive())).toEqual(['BB', 'from here', 'second'])
    })

    test('SUB receives from an XPUB there the envelopes of its keys alone', async () => {
      const publisher = await python.open('XPUB')
      await using subscriber = await openSocket('SUB')
      await subscriber.subscribe('B')
      await subscriber.connect(await publisher.bind(freshEndpoint()))
      expect(texts(await publisher.receive())).toEqual(['\u0001B'])

      await publisher.send(['A', 'from there', 'unwanted'])
      await publisher.send(['B', 'from there', 'first'])
      // What was not received when the subscription ends is filtered out at this side, too.
      expect(texts(await subscriber.receive())).toEqual(['B', 'from there', 'first'])
      await subscriber.unsubscribe('B')
      expect(texts(await publisher.receive())).toEqual(['\u0000B'])
      await publisher.send(['B', 'from there', 'too late'])
      await subscriber.subscribe('C')
      expect(texts(await publisher.receive())).toEqual(['\u0001C'])
      await publisher.send(['C', 'from there', 'second'])

      expect(texts(await subscriber.receive())).toEqual(['C', 'from there', 'second'])
    })

    test('PUSH deals out to a PULL there in order', async () => {
      const pull = await python.open('PULL')
      await using push = await openSocket('PUSH', { linger: 5000 })
      await push.connect(await pull.bind(freshEndpoint()))

      for (const number of numbers(500)) await push.send(number)

      for (const number of numbers(500)) expect(texts(await pull.receive())).toEqual([number])
    })

    test('PULL gets from a PUSH there in order', async () => {
      const push = await python.open('PUSH')
      await using pull = await openSocket('PULL')
      await pull.connect(await push.bind(freshEndpoint()))

      for (const number of numbers(500)) await push.send(number)

      for (const number of numbers(500)) expect(texts(await pull.receive())).toEqual([number])
    })

    test('messages with empty, binary and large frames arrive whole on both sides', async () => {
      const there = await python.open('PAIR')
      await using here = await openSocket('PAIR')
      await here.connect(await there.bind(freshEndpoint()))
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const messages = [
        [''],
        ['', ''],
        ['key', '', everyByte, 'grüße 😀', ''],
        [randomBytes(129), randomBytes(8192), randomBytes(70_000)],
        ['', randomBytes(5 * 1024 * 1024), ''],
        Array.from({ length: 1000 }, (_, index) => (index % 3 === 0 ? '' : `${index}`)),
      ].map(frames => frames.map(frame => Buffer.from(frame)))

      for (const message of messages) {
        await here.send(message)
        const arrived = await there.receive()
        expect(
          arrived.length === message.length && arrived.every((frame, at) => frame.equals(message[at] as Buffer)),
        ).toBe(true)

        await there.send(arrived)
        const back = await here.receive()
        expect(back.length === message.length && back.every((frame, at) => frame.equals(message[at] as Buffer))).toBe(
          true,
        )
      }
    })

    test('a PUSH at its high-water mark would block, and loses nothing that it took', async () => {
      const message = randomBytes(64 * 1024)
      const pull = await python.open('PULL', { RCVHWM: 5 })
      await using push = await openSocket('PUSH', { sendHighWaterMark: 5, sendTimeout: 0, linger: 5000 })
      const endpoint = await pull.bind(freshEndpoint())
      await push.connect(endpoint)
      let taken = 0

      const refusal = await fill(async () => {
        await push.send(message)
        taken += 1
      })

      expect(refusal).toBeInstanceOf(WouldBlockError)
      expect(taken).toBeGreaterThanOrEqual(5)
      for (let received = 0; received < taken; received++) expect((await pull.receive())[0]?.equals(message)).toBe(true)
      await push.send('last')
      expect(texts(await pull.receive())).toEqual(['last'])
    })

    test('a PULL whose program does not receive makes a PUSH there wait at its high-water mark', async () => {
      const message = randomBytes(64 * 1024)
      const push = await python.open('PUSH', { SNDHWM: 5 })
      await using pull = await openSocket('PULL', { receiveHighWaterMark: 5 })
      await pull.connect(await push.bind(freshEndpoint()))
      await push.send('first')
      expect(texts(await pull.receive())).toEqual(['first'])

      const taken = await push.fill(message, MANY)

      expect(taken).toBeLessThan(MANY)
      for (let received = 0; received < taken; received++) expect((await pull.receive())[0]?.equals(message)).toBe(true)
      await push.send('last')
      expect(texts(await pull.receive())).toEqual(['last'])
    })
  },
)

/** More messages than the two marks, the operating system's buffers and what a thread takes ahead hold together. */
const MANY = 2000

async function fill(send: () => Promise<void>): Promise<unknown> {
  try {
    for (let sent = 0; sent < MANY; sent++) await send()
  } catch (error) {
    return error
  }
  return undefined
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index + 1}`)
}
