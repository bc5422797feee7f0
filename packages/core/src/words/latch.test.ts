import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startFixture } from '../fixtures/threads/threads.js'
import { Barrier, Latch } from './latch.js'

expectNoLeaksAfterEach()

describe('Latch', () => {
  test('lets all threads go on at once when it is opened', async () => {
    const latch = new Latch()
    const passed = new Int32Array(new SharedArrayBuffer(4))
    const threads = await Promise.all(
      [1, 2, 3].map(() =>
        startFixture('waiting/waits-at-latch', { data: { latch: latch.memory, passed: passed.buffer } }),
      ),
    )
    const before = Atomics.load(passed, 0)

    latch.open()
    for (const thread of threads) await thread.signals.received('passed')

    expect([before, Atomics.load(passed, 0), latch.isOpen]).toEqual([0, 3, true])
    for (const thread of threads) await thread.stop()
  })

  test('lets those through who come when it is open', async () => {
    const latch = new Latch()
    latch.open()

    await latch.passed()

    expect(new Latch(latch.memory).isOpen).toBe(true)
  })

  test('passed() gives up when its signal aborts, whether it waits or not', async () => {
    const latch = new Latch()
    const controller = new AbortController()
    const waiting = latch.passed(controller.signal)

    controller.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
    await expect(latch.passed(controller.signal)).rejects.toThrow('enough')
  })
})

describe('Barrier', () => {
  test('lets threads go on when all have arrived, round after round', async () => {
    const [rounds, parties] = [200, 3]
    const barrier = new Barrier(parties)
    const counters = new Int32Array(new SharedArrayBuffer(4 * (parties + 1)))
    const threads = await Promise.all(
      [0, 1, 2].map(index =>
        startFixture('waiting/meets-at-barrier', {
          data: { memory: barrier.memory, parties, counters: counters.buffer, index, rounds },
        }),
      ),
    )

    for (const thread of threads) await thread.signals.received('met')

    expect([...counters]).toEqual([rounds, rounds, rounds, 0])
    for (const thread of threads) await thread.stop()
  })

  test('of one party never waits', async () => {
    const barrier = new Barrier(1)

    await barrier.arrive()
    await barrier.arrive()

    expect(barrier.memory.byteLength).toBeGreaterThan(0)
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses %d parties', parties => {
    expect(() => new Barrier(parties)).toThrow(RangeError)
  })

  test('arrive() gives up when its signal aborts, and has arrived all the same', async () => {
    const barrier = new Barrier(2)
    const controller = new AbortController()
    const waiting = barrier.arrive(controller.signal)

    controller.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
    await barrier.arrive()
  })
})
