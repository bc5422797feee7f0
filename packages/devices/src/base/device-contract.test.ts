import { openSocket, type StartService } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { DEVICE_CASES } from '../fixtures/device-cases.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import type { Device } from './device.js'
import { DeviceEndedError } from './errors.js'

expectNoLeaksAfterEach()

const ANY = { frontend: 'tcp://127.0.0.1:*', backend: 'tcp://127.0.0.1:*' }
const texts = (count: number): string[] => Array.from({ length: count }, (_, number) => `message ${number}`)

describe.each(DEVICE_CASES)('a $name', ({ start, sender: openSender, receiver: openReceiver, replies, waits }) => {
  test('hands on messages in order from the moment its start returns', async () => {
    await using device = await start(ANY)
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])

    await Promise.all(texts(100).map(text => sender.send(text)))

    expect(await receive(receiver, 100)).toEqual(texts(100))
  })

  test('names its endpoints with the ports that they got', async () => {
    await using device = await start(ANY)

    expect(
      [device.endpoints.frontend, device.endpoints.backend]
        .flat()
        .map(endpoint => /^tcp:\/\/127\.0\.0\.1:\d+$/.test(endpoint)),
    ).toEqual([true, true])
    expect(device.endpoints.capture).toEqual([])
  })

  test('rejects its start when an endpoint is taken, and leaves nothing behind', async () => {
    await using device = await start(ANY)

    await expect(start({ ...ANY, backend: device.endpoints.backend[0] })).rejects.toMatchObject({
      name: 'AddressError',
      errno: 'EADDRINUSE',
    })
  })

  test('rejects its start with the reason of a signal that has aborted', async () => {
    const reason = new Error('not wanted')

    await expect(start({ ...ANY, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('ends when it is stopped, twice or once, and refuses everything from then on', async () => {
    const device = await start(ANY)

    await Promise.all([device.stop(), device.stop()])

    expect(await device.ended).toBeUndefined()
    for (const call of [() => device.pause(), () => device.resume(), () => device.drain(), () => device.statistics()])
      await expect(call()).rejects.toBeInstanceOf(DeviceEndedError)
  })

  test('holds everything while it is paused, and hands it on when it is resumed', async () => {
    await using device = await start(ANY)
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])
    const { messages: before } = (await device.statistics()).toBackend

    await device.pause()
    const sent = Promise.all(texts(20).map(text => sender.send(text)))
    await untilAsync('one message is held', async () => (await device.statistics()).toBackend.waiting === 1)
    const paused = await device.statistics()
    await device.resume()

    expect(paused).toMatchObject({ isPaused: true, toBackend: { messages: before + 1, waiting: 1 } })
    expect(await receive(receiver, 20)).toEqual(texts(20))
    await sent
  })

  test('has handed on everything that had arrived when it is drained, and is paused', async () => {
    await using device = await start(ANY)
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])
    const { messages: before } = (await device.statistics()).toBackend
    const arrived = receive(receiver, 50)
    await Promise.all(texts(50).map(text => sender.send(text)))
    await untilAsync('all have arrived', async () => (await device.statistics()).toBackend.messages === before + 50)

    const isDrained = await device.drain()

    expect(isDrained).toBe(true)
    expect(await device.statistics()).toMatchObject({ isPaused: true, awaitedReplies: 0, toBackend: { waiting: 0 } })
    expect(await arrived).toEqual(texts(50))
  })

  test('counts messages and bytes each way, and the peers of each side', async () => {
    await using device = await start(ANY)
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])
    const before = await device.statistics()

    await Promise.all(texts(10).map(text => sender.send(text)))
    await receive(receiver, 10)
    await untilAsync('both peers are seen, and all replies', async () => {
      const { peers, toFrontend } = await device.statistics()
      return peers.frontend === 1 && peers.backend === 1 && (!replies || toFrontend.messages === 10)
    })

    const { toBackend, toFrontend } = await device.statistics()
    const bytes = Buffer.byteLength(texts(10).join(''))
    // A request has the identity of its client in front, which is five bytes.
    expect({
      messages: toBackend.messages - before.toBackend.messages,
      bytes: toBackend.bytes - before.toBackend.bytes,
    }).toEqual({ messages: 10, bytes: bytes + (replies ? 50 : 0) })
    if (replies) expect(toFrontend).toMatchObject({ messages: 10, bytes: bytes + 80, dropped: 0 })
  })

  test('gives a copy of each message to a capture, and of each reply', async () => {
    await using device = await start({ ...ANY, capture: { type: 'PUSH', bind: 'tcp://127.0.0.1:*' } })
    await using capture = await openSocket('PULL')
    await capture.connect(device.endpoints.capture[0] as string)
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])

    for (const text of texts(3)) {
      await sender.send(text)
      await receiver.receive()
    }

    const captured: string[] = []
    const isNews = (text: string): boolean => /^(re )?message \d$/.test(text)
    while (captured.length < (replies ? 6 : 3))
      captured.push(...(await capture.receive()).slice(-1).map(String).filter(isNews))
    expect(captured.filter(text => text.startsWith('message'))).toEqual(texts(3))
    expect(captured.filter(text => text.startsWith('re'))).toEqual(replies ? texts(3).map(text => `re ${text}`) : [])
  })

  test('is not held up by who captures and does not receive', async () => {
    await using device = await start({
      ...ANY,
      capture: { type: 'PUSH', bind: 'tcp://127.0.0.1:*', options: { sendHighWaterMark: 1, linger: 0 } },
    })
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])

    const sent = Promise.all(texts(100).map(text => sender.send(text)))

    expect(await receive(receiver, 100)).toEqual(texts(100))
    await sent
    expect((await device.statistics()).captured.dropped).toBeGreaterThanOrEqual(100)
  })

  test('can be started again in the same place by who supervises it, and its peers go on', async () => {
    const places = await freePlaces(start)
    const startAgain: StartService = signal => start({ ...places, signal })
    let device = (await startAgain(new AbortController().signal)) as Device
    await using receiver = await openReceiver(device)
    await using sender = await openSender(device, [receiver])

    for (let life = 1; life <= 3; life++) {
      await device.stop({ timeoutMs: 0 })
      expect(await device.ended).toBeUndefined()
      device = (await startAgain(new AbortController().signal)) as Device
      // What was under way at the stop is lost, and a subscriber takes its time to come back.
      await using again = waits ? undefined : await openSender(device, [receiver])
      void again
      await untilThrough(async () => {
        await sender.send(`life ${life}`)
        return (await device.statistics()).toBackend.messages > 0
      })
    }
    await device.stop({ timeoutMs: 0 })
  })

  test('goes on when a peer dies on either side, with those that come after it', async () => {
    await using device = await start(ANY)
    for (let life = 1; life <= 3; life++) {
      {
        await using receiver = await openReceiver(device)
        await using sender = await openSender(device, [receiver])
        await sender.send(`life ${life}`)
        // What a cache knows from before comes first.
        while ((await receiver.receive()) !== `life ${life}`);
      }
      // Until ZeroMQ has seen that a peer is gone, it hands on to that one, too.
      await untilAsync('they have gone', async () => {
        const { peers } = await device.statistics()
        return peers.frontend === 0 && peers.backend === 0
      })
    }
  })
})

describe.each(DEVICE_CASES.filter(({ waits }) => waits))(
  'a $name at its high-water mark',
  ({ start, sender: openSender, receiver: openReceiver }) => {
    test('makes its senders wait while no peer takes, and loses nothing', async () => {
      await using device = await start({ ...ANY, mark: 2 })
      await using sender = await openSender(device, [])
      const large = texts(300).map(text => text.padEnd(64 * 1024))
      let sent = 0
      const sends = Promise.all(large.map(text => sender.send(text).then(() => (sent += 1))))

      await untilAsync('it is full', async () => (await device.statistics()).toBackend.waiting === 1)
      const whenFull = sent
      await using receiver = await openReceiver(device)

      expect(await receive(receiver, 300)).toEqual(large)
      await sends
      expect(whenFull).toBeLessThan(300)
      expect((await device.statistics()).toBackend).toMatchObject({ messages: 300, dropped: 0, waiting: 0 })
    })
  },
)

describe.each(DEVICE_CASES.filter(({ waits }) => !waits))(
  'a $name with a subscriber that does not receive',
  ({ start, sender: openSender, receiver: openReceiver }) => {
    test('gives the others everything, and counts that it dropped some', async () => {
      await using device = await start({ ...ANY, mark: 100 })
      await using stuck = await openSocket('SUB', { receiveHighWaterMark: 1 })
      await stuck.subscribe('')
      await stuck.connect(device.endpoints.backend[0])
      await using receiver = await openReceiver(device)
      await using sender = await openSender(device, [receiver])
      await untilAsync('both are there', async () => (await device.statistics()).peers.backend === 2)

      for (const text of texts(600)) {
        const large = text.padEnd(64 * 1024)
        await sender.send(large)
        expect(await receiver.receive()).toBe(large)
      }

      expect((await device.statistics()).toBackend.dropped).toBeGreaterThan(0)
    })
  },
)

async function receive(receiver: { receive(): Promise<string> }, count: number): Promise<string[]> {
  const received: string[] = []
  while (received.length < count) received.push(await receiver.receive())
  return received
}

/** Endpoints that were free a moment ago. */
async function freePlaces(start: (places: typeof ANY) => Promise<Device>): Promise<typeof ANY> {
  const device = await start(ANY)
  await device.stop({ timeoutMs: 0 })
  return { frontend: device.endpoints.frontend[0], backend: device.endpoints.backend[0] }
}

async function untilThrough(attempt: () => Promise<boolean>): Promise<void> {
  await untilAsync('a message gets through', attempt)
}
