import { Worker } from 'node:worker_threads'
import { describe, expect, test, vi } from 'vitest'
import { PipeClosedError } from '../../base/errors/errors.js'
import { LINK_LIMITS } from '../../base/values/limits.js'
import { decodeValues } from '../../codec/codec.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { Inbox } from '../../fixtures/links/link-inbox.js'
import { nextValue, restOf, startFixture, tell } from '../../fixtures/threads/threads.js'

expectNoLeaksAfterEach()

const nothingLeft = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }

function turned(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

describe('Thread.stop()', () => {
  test('returns a receipt when everything is closed', async () => {
    const before = Date.now()
    const thread = await startFixture('obey', { incarnation: 2 })

    const receipt = await thread.stop()

    expect(receipt).toEqual({
      thread: 'obey',
      incarnation: 2,
      startedAtMs: expect.any(Number),
      stoppedAtMs: expect.any(Number),
      durationMs: receipt.stoppedAtMs - receipt.startedAtMs,
      exitCode: 0,
      outcome: 'clean',
      reason: 'stopped',
      left: nothingLeft,
    })
    expect(receipt.startedAtMs).toBeGreaterThanOrEqual(before)
    expect(receipt.stoppedAtMs).toBeGreaterThanOrEqual(receipt.startedAtMs)
    expect(await thread.down).toEqual({
      thread: 'obey',
      incarnation: 2,
      reason: 'stopped',
      exitCode: 0,
      error: undefined,
    })
  })

  test('gives the same receipt when it is called twice, and after the end', async () => {
    const thread = await startFixture('obey')

    const [first, second] = await Promise.all([thread.stop(), thread.stop({ timeoutMs: 0 })])
    const third = await thread.stop()

    expect(second).toBe(first)
    expect(third).toBe(first)
    expect((await thread.kill()).reason).toBe('stopped')
  })

  test('gives the receipt of a thread that has ended by itself', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'exit', code: 5 })
    await thread.down

    const receipt = await thread.stop()

    expect(receipt).toMatchObject({ outcome: 'crashed', reason: 'exited', exitCode: 5, left: undefined })
  })

  test('lets the thread handle everything that was sent before', async () => {
    const thread = await startFixture('sums')
    const count = 3 * LINK_LIMITS.windowMessages
    for (let number = 0; number < count; number++) thread.pipe.send(number)

    const receipt = await thread.stop()

    expect(receipt).toMatchObject({ outcome: 'clean', left: nothingLeft })
    expect(await restOf(thread)).toEqual([{ count, sum: (count * (count - 1)) / 2 }])
    expect(thread.undelivered).toEqual([])
  })

  test('is served while others go on sending, and nothing is lost in between', async () => {
    const thread = await startFixture('sums')
    let sent = 0
    const stop = { isOver: false }
    const stopping = thread.stop().finally(() => (stop.isOver = true))

    do {
      try {
        for (let i = 0; i < 500; i++) {
          thread.pipe.send(1)
          sent += 1
        }
        await thread.pipe.ready()
      } catch (error) {
        if (!(error instanceof PipeClosedError)) throw error
      }
      await turned()
    } while (!stop.isOver)

    const [total] = (await restOf(thread)) as { count: number }[]
    expect(await stopping).toMatchObject({ outcome: 'clean', left: nothingLeft })
    expect((total?.count as number) + thread.undelivered.length).toBe(sent)
  })

  test('kills a thread that spins at the deadline', async () => {
    const thread = await startFixture('obey')
    const spin = tell(thread, { do: 'spin' })
    await nextValue(thread)

    const receipt = await thread.stop({ timeoutMs: 50 })

    expect(receipt).toMatchObject({ outcome: 'killed', reason: 'killed', left: undefined })
    expect(receipt.exitCode).not.toBe(0)
    expect(thread.undelivered).toEqual([spin])
  })

  test('kills at the deadline also while more waits than the thread may be sent', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'spin' })
    await nextValue(thread)
    const count = LINK_LIMITS.windowMessages + 5000
    for (let number = 0; number < count; number++) thread.pipe.send(number)

    const receipt = await thread.stop({ timeoutMs: 50 })

    expect(receipt.outcome).toBe('killed')
    expect(thread.undelivered.slice(1)).toEqual(Array.from({ length: count }, (_, number) => number))
  })

  test('kills at the deadline a thread whose messages no code receives, and they are accounted for', async () => {
    const thread = await startFixture('obey')
    const inbox = new Inbox()
    tell(thread, { do: 'flood', count: LINK_LIMITS.windowMessages + 1000, leave: 0 })
    thread.receive(inbox)
    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages)

    const receipt = await thread.stop({ timeoutMs: 50 })

    expect(receipt.outcome).toBe('killed')
    expect(inbox.bodies.map(body => decodeValues(body)[0])).toEqual(
      Array.from({ length: LINK_LIMITS.windowMessages }, (_, number) => number),
    )
    expect(thread.remains.lost).toBe(1000)
  })

  test('kills at once with a deadline of 0', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'wait' })
    await nextValue(thread)

    expect((await thread.stop({ timeoutMs: 0 })).outcome).toBe('killed')
  })

  test('refuses a deadline that is no time', async () => {
    await using thread = await startFixture('obey')

    expect(() => void thread.stop({ timeoutMs: NaN })).toThrow(RangeError)
  })

  test('reports what the thread forgot, and the thread ends anyway', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'forget' })

    const receipt = await thread.stop()

    expect(receipt).toMatchObject({ outcome: 'clean', exitCode: 0, left: { ...nothingLeft, timers: 1, handles: 1 } })
  })

  test('reports nothing of what Node has yet to do after a garbage collection', async () => {
    const thread = await startFixture('collects-garbage')

    const receipt = await thread.stop()

    expect(receipt).toMatchObject({ outcome: 'clean', left: nothingLeft })
  })
})

describe('Thread.kill()', () => {
  test('called again and again is one kill, and leaves no listeners behind', async () => {
    const warned: Error[] = []
    const note = (warning: Error): void => void warned.push(warning)
    process.on('warning', note)
    const thread = await startFixture('obey')

    const downs = await Promise.all(Array.from({ length: 20 }, () => thread.kill()))
    await turned()
    process.off('warning', note)

    expect(new Set(downs.map(({ reason }) => reason))).toEqual(new Set(['killed']))
    expect(warned).toEqual([])
  })

  test('ends the thread, and gives back what it had not handled', async () => {
    const thread = await startFixture('obey')
    const wait = tell(thread, { do: 'wait' })
    await nextValue(thread)
    thread.pipe.send('behind')

    const down = await thread.kill()

    expect(down).toMatchObject({ reason: 'killed', error: undefined })
    expect(thread.undelivered).toEqual([wait, 'behind'])
    expect(thread.remains.returned.map(({ progress }) => progress)).toEqual(['begun', 'not-begun'])
  })

  test('ends the thread also when V8 has lost the first termination', async () => {
    const thread = await startFixture('obey')
    const terminate = vi.spyOn(Worker.prototype, 'terminate').mockReturnValueOnce(new Promise(() => undefined))

    const down = await thread.kill()
    const calls = terminate.mock.calls.length
    terminate.mockRestore()

    expect(down.reason).toBe('killed')
    expect(calls).toBe(2)
  })

  test('can be called twice, during a stop, and after the end', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'spin' })
    await nextValue(thread)

    const stopping = thread.stop({ timeoutMs: Infinity })
    const [first, second] = await Promise.all([thread.kill(), thread.kill()])
    const third = await thread.kill()

    expect(second).toBe(first)
    expect(third).toBe(first)
    expect((await stopping).outcome).toBe('killed')
  })

  test('closes the pipe', async () => {
    const thread = await startFixture('obey')

    await thread.kill()

    expect(() => thread.pipe.send(1)).toThrow(PipeClosedError)
    expect(await thread.pipe.receive()).toBeUndefined()
    await thread.pipe.ready()
  })

  test('await using stops the thread', async () => {
    let down: Promise<unknown>

    {
      await using thread = await startFixture('obey')
      down = thread.down
    }

    expect(await down).toMatchObject({ reason: 'stopped' })
  })
})
