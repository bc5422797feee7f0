import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { NotCloneableError, PipeFullError, SocketError, WaitTimeoutError } from '../../base/errors/errors.js'
import { LINK_LIMITS } from '../../base/values/limits.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { LinkPair } from '../../fixtures/links/link-pair.js'
import { nextValue, restOf, startFixture, tell } from '../../fixtures/threads/threads.js'
import { LinkPipe } from './link-pipe.js'

expectNoLeaksAfterEach()

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function bytes(sizeBytes: number, seed: number): Buffer {
  const made = Buffer.alloc(sizeBytes)
  for (let at = 0; at < sizeBytes; at++) made[at] = (at * 17 + seed) % 253
  return made
}

describe('Pipe', () => {
  test('carries values there and back as structuredClone delivers them', async () => {
    await using thread = await startFixture('obey')
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    const values = [
      1,
      'text',
      'Привет, 世界 🌍',
      null,
      [1, [2]],
      { a: { b: NaN } },
      -0,
      10n,
      new Date(1),
      new Map([['k', new Set([1])]]),
      cyclic,
    ]

    for (const value of values) thread.pipe.send(value)

    for (const value of values) expect(await nextValue(thread)).toEqual(value)
  })

  test('send() copies at once', async () => {
    await using thread = await startFixture('obey')
    const value = { count: 1, bytes: bytes(5000, 1) }

    thread.pipe.send(value)
    value.count = 2
    value.bytes.fill(0)

    const received = (await nextValue(thread)) as typeof value
    expect(received.count).toBe(1)
    expect(Buffer.compare(received.bytes, bytes(5000, 1))).toBe(0)
  })

  test('send() shows its caller when the value cannot travel', async () => {
    await using thread = await startFixture('obey')
    const send = function namedCaller(): unknown {
      return thread.pipe.send({ a: { b: { c: { d: { e: { f: () => 1 } } } } } })
    }

    expect(send).toThrow(expect.objectContaining({ stack: expect.stringMatching(/\n +at namedCaller .*pipe\.test/u) }))
  })

  test('send() throws a NotCloneableError and sends nothing', async () => {
    await using thread = await startFixture('obey')

    expect(() => thread.pipe.send({ bytes: bytes(5000, 1), callback: () => 1 })).toThrow(NotCloneableError)
    thread.pipe.send('next')

    expect(await nextValue(thread)).toBe('next')
  })

  test('keeps order among messages of all sizes', async () => {
    await using thread = await startFixture('obey')
    const sizes = Array.from({ length: 300 }, (_, at) => [0, 10, 2047, 2048, 5000, 70_000][at % 6] as number)

    for (const [at, size] of sizes.entries()) thread.pipe.send({ at, bytes: bytes(size, at) })

    for (const [at, size] of sizes.entries()) {
      const received = (await nextValue(thread)) as { at: number; bytes: Uint8Array }
      expect(received.at).toBe(at)
      expect(Buffer.compare(received.bytes, bytes(size, at))).toBe(0)
    }
  })

  test('what it has delivered stays whole after the death of the sender', async () => {
    const thread = await startFixture('obey')
    const text = 'ж'.repeat(100_000)
    const received: { text: string; bytes: Buffer }[] = []
    for (let seed = 0; seed < 40; seed++) {
      thread.pipe.send({ text: `${seed}${text}`, bytes: bytes(400_000, seed) })
      received.push((await nextValue(thread)) as { text: string; bytes: Buffer })
    }

    await thread.kill()
    collectGarbage()
    // Other threads take the memory that has become free.
    for (let life = 0; life < 2; life++) {
      const next = await startFixture('obey')
      next.pipe.send(bytes(4_000_000, 99))
      await nextValue(next)
      await next.stop()
    }
    collectGarbage()

    expect(
      received.every(
        (each, seed) => each.text === `${seed}${text}` && Buffer.compare(each.bytes, bytes(400_000, seed)) === 0,
      ),
    ).toBe(true)
  })

  test('receive() refuses a second one next to it', async () => {
    await using thread = await startFixture('obey')
    const receiving = thread.pipe.receive()

    const second = await thread.pipe.receive().catch((error: unknown) => error)
    thread.pipe.send(1)

    expect(second).toBeInstanceOf(SocketError)
    expect(await receiving).toEqual({ value: 1 })
    thread.pipe.send(2)
    expect(await thread.pipe.receive()).toEqual({ value: 2 })
  })

  test('receive() throws for a message that cannot be read, and goes on with the next', async () => {
    await using thread = await startFixture('obey')
    tell(thread, { do: 'post-raw', body: '{"no":"message"}' })
    thread.pipe.send('next')

    const first = await thread.pipe.receive().catch((error: unknown) => error)

    expect(first).toBeInstanceOf(Error)
    expect(await nextValue(thread)).toBe('next')
  })

  test('counts what it carries, and what waits', async () => {
    await using thread = await startFixture('obey')
    const values = ['text', { bytes: bytes(5000, 1) }, 3]

    for (const value of values) thread.pipe.send(value)
    const { sent, waitingToSend } = thread.pipe.statistics
    for (let left = values.length; left > 0; left--) await nextValue(thread)

    expect([sent, waitingToSend]).toEqual([0, 3])
    const after = thread.pipe.statistics
    expect(after).toMatchObject({
      sent: 3,
      received: 3,
      refused: 0,
      waitingToSend: 0,
      waitingToSendBytes: 0,
      waitingToReceive: 0,
    })
    expect(after.sentBytes).toBeGreaterThan(5000)
    expect(after.receivedBytes).toBeGreaterThan(5000)
  })

  test('refuses what is beyond the limit of its backlog, counts it, and holds no more memory', async () => {
    await using thread = await startFixture('obey')
    const text = 'x'.repeat(4 * 1024 * 1024)
    const before = process.memoryUsage().rss

    const send = (): void => {
      for (let number = 0; number < 200; number++) thread.pipe.send(`${number}${text}`)
    }

    expect(send).toThrow(PipeFullError)
    const { refused, waitingToSendBytes } = thread.pipe.statistics
    expect(refused).toBe(1)
    expect(waitingToSendBytes).toBeLessThanOrEqual(LINK_LIMITS.backlogBytes + text.length + 1024 * 1024)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * text.length)
    await thread.kill()
  })

  test('leaving a loop over it leaves it open', async () => {
    await using thread = await startFixture('obey')
    for (const number of [1, 2, 3]) thread.pipe.send(number)
    const seen: unknown[] = []

    for await (const value of thread.pipe) {
      seen.push(value)
      break
    }
    for await (const value of thread.pipe) {
      seen.push(value)
      if (value === 3) break
    }

    expect(seen).toEqual([1, 2, 3])
  })

  test('what was not received when the thread ends can be received then', async () => {
    const thread = await startFixture('obey')
    const large = bytes(1_000_000, 3)
    thread.pipe.send(large)
    thread.pipe.send('small')

    await thread.stop()

    const [first, second] = await restOf(thread)
    expect(Buffer.compare(first as Uint8Array, large)).toBe(0)
    expect(second).toBe('small')
  })
})

describe('Pipe.ready()', () => {
  /** A pipe with a large backlog, whose other side is yet to come. */
  function fullPipe(pair: LinkPair): LinkPipe {
    const pipe = new LinkPipe(pair.bind)
    while (pipe.send('x')) continue
    return pipe
  }

  test('waits for nothing with a signal that has aborted', async () => {
    using pair = new LinkPair()
    const reason = new Error('no time')

    await expect(fullPipe(pair).ready({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('rejects with the reason of a signal that aborts meanwhile, and is resolved for others', async () => {
    using pair = new LinkPair()
    const pipe = fullPipe(pair)
    const controller = new AbortController()
    const reason = new Error('enough')
    const [given, others] = [pipe.ready({ signal: controller.signal }), pipe.ready()]

    controller.abort(reason)

    await expect(given).rejects.toBe(reason)
    pair.bind.close()
    await others
  })

  test('rejects when its time has passed', async () => {
    using pair = new LinkPair()

    await expect(fullPipe(pair).ready({ timeoutMs: 1 })).rejects.toBeInstanceOf(WaitTimeoutError)
  })

  test('resolves in time when there is room, and refuses a time that is none', async () => {
    using pair = new LinkPair()
    const pipe = new LinkPipe(pair.bind)

    await pipe.ready({ timeoutMs: 60_000, signal: new AbortController().signal })

    await expect(pipe.ready({ timeoutMs: -1 })).rejects.toBeInstanceOf(RangeError)
  })
})
