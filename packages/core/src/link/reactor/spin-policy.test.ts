import { describe, expect, test } from 'vitest'
import { SpinPolicy } from './spin-policy.js'

function afterShortWaits(count: number): SpinPolicy {
  const policy = new SpinPolicy()
  for (let wait = 0; wait < count; wait++) policy.slept(0.1, false)
  return policy
}

/** How many short waits it takes until the thread looks again. */
function waitsUntilSpin(policy: SpinPolicy): number {
  let waits = 0
  for (; policy.spinMs === 0; waits++) policy.slept(0.1, false)
  return waits
}

describe('SpinPolicy', () => {
  test('looks only after several short waits in a row', () => {
    expect(new SpinPolicy().spinMs).toBe(0)
    expect(afterShortWaits(2).spinMs).toBe(0)
    expect(afterShortWaits(3).spinMs).toBeGreaterThan(0)
  })

  test('stops looking after a long wait', () => {
    const policy = afterShortWaits(10)

    policy.slept(5, false)

    expect(policy.spinMs).toBe(0)
  })

  test('goes on looking while that succeeds', () => {
    const policy = afterShortWaits(3)

    policy.spun()

    expect(policy.spinMs).toBeGreaterThan(0)
  })

  test('waits twice as long after each look in vain, up to a bound, and forgets that after a success', () => {
    const policy = afterShortWaits(3)
    const waits: number[] = []

    for (let round = 0; round < 15; round++) {
      policy.slept(0.1, true)
      waits.push(waitsUntilSpin(policy))
    }
    policy.spun()
    policy.slept(0.1, true)
    const afterSuccess = waitsUntilSpin(policy)

    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(waits.at(-1)).toBe(1024)
    expect(afterSuccess).toBe(1)
  })
})
