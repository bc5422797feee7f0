import { expect, test } from 'vitest'
import { ManualClock } from '../../testing/manual-clock.js'
import { every, whenDue } from './clock.js'

test.each([
  { timer: 'ManualClock.after()', start: (clock: ManualClock, run: () => void) => clock.after(1, run) },
  { timer: 'whenDue()', start: (clock: ManualClock, run: () => void) => whenDue(clock, 1, run) },
  { timer: 'every()', start: (clock: ManualClock, run: () => void) => every(clock, 1, run) },
])('$timer is cancelled when it is disposed of, as at the end of a block with using', ({ start }) => {
  const clock = new ManualClock()
  let runs = 0
  const timer = start(clock, () => (runs += 1))

  timer[Symbol.dispose]()
  clock.advance(10)

  expect([runs, clock.timers]).toEqual([0, 0])
})
