import { ManualClock } from '@zera/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { uncaughtOf } from '../../../../core/dist/fixtures/uncaught.js'
import { Deadlines } from './deadlines.js'

/** Deadlines of which all are open that were not settled, and the keys of those that passed. */
function openDeadlines() {
  const clock = new ManualClock()
  const settled = new Set<number>()
  const passed: number[] = []
  const deadlines = new Deadlines(
    clock,
    key => !settled.has(key),
    key => {
      settled.add(key)
      passed.push(key)
    },
  )
  return { clock, settled, passed, deadlines }
}

describe('Deadlines', () => {
  test('tells the others when a listener to one throws', async () => {
    const clock = new ManualClock()
    const passed: number[] = []
    const deadlines = new Deadlines(
      clock,
      () => true,
      key => {
        passed.push(key)
        if (key === 1) throw new RangeError('no')
      },
    )
    for (const key of [1, 2]) deadlines.add(key, 5)

    const uncaught = await uncaughtOf(1, () => clock.advance(5))

    expect(uncaught).toMatchObject([{ message: 'no' }])
    expect(passed).toEqual([1, 2])
  })

  test('tells each that has passed, once, at its time', () => {
    const { clock, passed, deadlines } = openDeadlines()
    deadlines.add(1, 10)
    deadlines.add(2, 5)
    clock.advance(4)
    deadlines.add(3, 5)

    clock.advance(1)
    expect(passed).toEqual([2])
    clock.advance(4)
    expect(passed).toEqual([2, 3])
    clock.advance(100)
    expect(passed).toEqual([2, 3, 1])
  })

  test('does not tell one that was settled', () => {
    const { clock, settled, passed, deadlines } = openDeadlines()
    deadlines.add(1, 10)
    deadlines.add(2, 10)
    settled.add(1)

    clock.advance(10)

    expect(passed).toEqual([2])
  })

  test('has one timer for all, of whatever lengths, and none when nothing waits', () => {
    const { clock, deadlines } = openDeadlines()
    for (let key = 0; key < 100; key++) deadlines.add(key, key % 2 === 0 ? 10 : 20)

    expect(clock.timers).toBe(1)
    clock.advance(20)
    expect(clock.timers).toBe(0)
  })

  test('forgets lengths of time that no ask uses any more', () => {
    const { clock, deadlines } = openDeadlines()
    for (let ms = 0; ms < 100; ms++) deadlines.add(ms, ms)

    clock.advance(100)

    expect(deadlines.size).toBe(0)
  })

  test('keeps few of those that were settled, also behind one that waits long', () => {
    const { settled, deadlines } = openDeadlines()
    deadlines.add(-1, 60_000)

    for (let key = 0; key < 100_000; key++) {
      deadlines.add(key, 60_000)
      settled.add(key)
    }

    expect(deadlines.size).toBeLessThan(2000)
  })

  test('has no timer a second after the last of many lengths was settled, however long they were', () => {
    const { clock, settled, deadlines } = openDeadlines()
    for (let key = 0; key < 3000; key++) {
      deadlines.add(key, 600_000 - ((key * 7919) % 3000))
      settled.add(key)
    }

    expect(deadlines.size).toBeLessThanOrEqual(1024)
    clock.advance(1000)
    expect([clock.timers, deadlines.size]).toEqual([0, 0])
  })

  test('takes a deadline that is made while others pass', () => {
    const clock = new ManualClock()
    const passed: number[] = []
    const deadlines: Deadlines = new Deadlines(
      clock,
      () => true,
      key => {
        passed.push(key)
        if (key < 3) deadlines.add(key + 1, 10)
      },
    )
    deadlines.add(1, 10)

    clock.advance(100)

    expect(passed).toEqual([1, 2, 3])
  })

  test('clear() stops all timers', () => {
    const { clock, passed, deadlines } = openDeadlines()
    deadlines.add(1, 10)

    deadlines.clear()
    clock.advance(10)

    expect([clock.timers, passed]).toEqual([0, []])
  })

  test('agrees with a list of all deadlines, whatever is added and settled when', () => {
    const step = fc.oneof(
      fc.record({ add: fc.constantFrom(0, 1, 3, 5, 7, 4999, 5000) }),
      fc.record({ settle: fc.nat(20) }),
      fc.record({ advance: fc.constantFrom(0, 1, 4, 6000) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), steps => {
        const { clock, settled, passed, deadlines } = openDeadlines()
        const model = new Map<number, number>()
        const expected = new Set<number>()
        for (const [key, { add, settle, advance }] of steps.entries() as Iterable<
          [number, { add?: number; settle?: number; advance?: number }]
        >) {
          if (add !== undefined) {
            deadlines.add(key, add)
            model.set(key, clock.now() + add)
          }
          if (settle !== undefined && model.delete(settle)) settled.add(settle)
          if (advance !== undefined) {
            clock.advance(advance)
            for (const [due, at] of model) if (at <= clock.now()) expected.add(due)
          }

          expect(new Set(passed)).toEqual(expected)
        }
      }),
    )
  })
})
