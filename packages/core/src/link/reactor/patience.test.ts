import { describe, expect, test } from 'vitest'
import { Patience } from './patience.js'

function afterShortWaits(count: number): Patience {
  const patience = new Patience()
  for (let wait = 0; wait < count; wait++) patience.slept(0.1, false)
  return patience
}

/** How many short waits it takes until the thread looks again. */
function waitsUntilSpin(patience: Patience): number {
  let waits = 0
  for (; patience.spinMs === 0; waits++) patience.slept(0.1, false)
  return waits
}

describe('Patience', () => {
  test('looks only after several short waits in a row', () => {
    expect(new Patience().spinMs).toBe(0)
    expect(afterShortWaits(2).spinMs).toBe(0)
    expect(afterShortWaits(3).spinMs).toBeGreaterThan(0)
  })

  test('stops looking after a long wait', () => {
    const patience = afterShortWaits(10)

    patience.slept(5, false)

    expect(patience.spinMs).toBe(0)
  })

  test('goes on looking while that succeeds', () => {
    const patience = afterShortWaits(3)

    patience.spun()

    expect(patience.spinMs).toBeGreaterThan(0)
  })

  test('waits twice as long after each look in vain, up to a bound, and forgets that after a success', () => {
    const patience = afterShortWaits(3)
    const waits: number[] = []

    for (let round = 0; round < 15; round++) {
      patience.slept(0.1, true)
      waits.push(waitsUntilSpin(patience))
    }
    patience.spun()
    patience.slept(0.1, true)
    const afterSuccess = waitsUntilSpin(patience)

    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(waits.at(-1)).toBe(1024)
    expect(afterSuccess).toBe(1)
  })
})
