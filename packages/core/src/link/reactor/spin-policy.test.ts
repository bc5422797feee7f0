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
  for (; policy.spinMs(false) === 0; waits++) policy.slept(0.1, false)
  return waits
}

describe('SpinPolicy', () => {
  test('looks only after several short waits in a row', () => {
    expect(new SpinPolicy().spinMs(false)).toBe(0)
    expect(afterShortWaits(2).spinMs(false)).toBe(0)
    expect(afterShortWaits(3).spinMs(false)).toBeGreaterThan(0)
  })

  test('stops looking after a long wait', () => {
    const policy = afterShortWaits(10)

    policy.slept(5, false)

    expect(policy.spinMs(false)).toBe(0)
  })

  test('goes on looking while that succeeds', () => {
    const policy = afterShortWaits(3)

    policy.spun(0.01)

    expect(policy.spinMs(false)).toBeGreaterThan(0)
  })

  test('looks as long as waits took lately, within bounds', () => {
    const after = (ms: number): number => {
      const policy = new SpinPolicy()
      for (let wait = 0; wait < 3; wait++) policy.slept(ms, false)
      return policy.spinMs(false)
    }

    expect([after(0.01), after(0.4), after(0.9)].map(ms => Math.round(ms * 1000))).toEqual([100, 600, 1000])
  })

  test('stops looking when rings come as late as after a sleep, but for the first ones', () => {
    const policy = afterShortWaits(3)

    policy.spun(0.5)
    policy.spun(0.5)
    const afterTwo = policy.spinMs(false)
    policy.spun(0.5)

    expect(afterTwo).toBeGreaterThan(0)
    expect(waitsUntilSpin(policy)).toBe(1)
  })

  test('looks because a peer did, and soon no more when that is in vain each time', () => {
    const policy = new SpinPolicy()
    const looks: boolean[] = []

    for (let round = 0; round < 60; round++) {
      const looksNow = policy.spinMs(true) > 0
      looks.push(looksNow)
      policy.slept(2, looksNow)
    }

    expect(looks.slice(0, 6)).toEqual([true, false, true, false, false, true])
    expect(looks.filter(Boolean).length).toBeLessThan(10)
    policy.spinMs(true)
    expect(looks.lastIndexOf(true)).toBeGreaterThan(40)
  })

  test('waits twice as long after each look in vain, up to a bound, and forgets that after a success', () => {
    const policy = afterShortWaits(3)
    const waits: number[] = []

    for (let round = 0; round < 15; round++) {
      policy.slept(0.1, true)
      waits.push(waitsUntilSpin(policy))
    }
    policy.spun(0.01)
    policy.slept(0.1, true)
    const afterSuccess = waitsUntilSpin(policy)

    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(waits.at(-1)).toBe(256)
    expect(afterSuccess).toBe(1)
  })
})
