import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { uncaughtOf } from '../../../core/dist/fixtures/uncaught.js'
import { Scheduler, type Runnable } from './scheduler.js'

/** Something with so many pieces of work, each of which takes a while and is written down. */
function work(name: string, pieces: number, done: string[], each: () => void = () => undefined): Runnable {
  let left = pieces
  return {
    runOne: () => {
      left -= 1
      done.push(name)
      each()
      return left > 0
    },
  }
}

describe('Scheduler', () => {
  test('begins nothing any more from when it may not', async () => {
    const done: string[] = []
    let mayRun = true
    const scheduler = new Scheduler(new ManualClock(), undefined, () => mayRun)

    scheduler.add(work('a', 3, done, () => (mayRun = done.length < 2)))
    await Promise.resolve()
    mayRun = true
    scheduler.add(work('b', 1, done))
    await Promise.resolve()

    expect(done).toEqual(['a', 'a'])
  })

  test('gives each one piece in turn, however much the others have', async () => {
    const done: string[] = []
    const scheduler = new Scheduler(new ManualClock())

    scheduler.add(work('a', 3, done))
    scheduler.add(work('b', 1, done))
    scheduler.add(work('c', 2, done))
    expect(done).toEqual([])
    await Promise.resolve()

    expect(done).toEqual(['a', 'b', 'c', 'a', 'c', 'a'])
  })

  test('lets the event loop have its turn after two milliseconds, and goes on then', async () => {
    const clock = new ManualClock()
    const done: string[] = []
    const scheduler = new Scheduler(clock)

    scheduler.add(work('a', 100, done, () => clock.advance(0.1)))
    await Promise.resolve()
    expect(done).toHaveLength(32)
    clock.turn()
    expect(done).toHaveLength(64)
    clock.turn()
    clock.turn()

    expect(done).toHaveLength(100)
  })

  test('pauses after each piece while they are slow', async () => {
    const clock = new ManualClock()
    const done: string[] = []
    const scheduler = new Scheduler(clock)
    let takesMs = 1
    const run = async (pieces: number): Promise<void> => {
      scheduler.add(work('a', pieces, done, () => clock.advance(takesMs)))
      await Promise.resolve()
    }

    // No thread knows that yet.
    await run(2)
    expect(done).toHaveLength(2)
    await run(3)
    expect(done).toHaveLength(3)
    clock.turn()
    expect(done).toHaveLength(4)
    takesMs = 0
    clock.turn()
    expect(done).toHaveLength(5)
    await run(20)

    expect(done).toHaveLength(25)
  })

  test('gives the others their turn when one throws, and has that one again when it is added', async () => {
    const done: string[] = []
    const scheduler = new Scheduler(new ManualClock())
    let isBroken = true
    const broken = work('a', 3, done, () => {
      if (isBroken) throw new RangeError('no')
    })

    const uncaught = await uncaughtOf(1, () => {
      scheduler.add(broken)
      scheduler.add(work('b', 2, done))
    })
    isBroken = false
    scheduler.add(broken)
    await Promise.resolve()

    expect(uncaught).toMatchObject([{ message: 'no' }])
    expect(done).toEqual(['a', 'b', 'b', 'a', 'a'])
  })

  test('goes on when a look at the clock throws', async () => {
    const done: string[] = []
    let looks = 0
    const scheduler = new Scheduler(new ManualClock(), () => {
      looks += 1
      if (looks === 2) throw new RangeError('no')
    })

    await uncaughtOf(1, () => scheduler.add(work('a', 1, done)))
    scheduler.add(work('b', 1, done))
    await Promise.resolve()

    expect(done).toEqual(['a', 'b'])
  })

  test('runs what is added while it runs, and what is added when it has run dry', async () => {
    const done: string[] = []
    const scheduler = new Scheduler(new ManualClock())
    scheduler.add(work('a', 1, done, () => scheduler.add(work('b', 1, done))))
    await Promise.resolve()

    scheduler.add(work('c', 1, done))
    await Promise.resolve()

    expect(done).toEqual(['a', 'b', 'c'])
  })
})
