import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childSpec, type ChildSpec } from './child-spec.js'
import { planRestart } from './restart-plan.js'
import type { RestartWindow } from './restart-window.js'

describe('planRestart()', () => {
  test('never restarts a temporary child', () => {
    const spec = childSpec({ restart: 'temporary', maxRestarts: Infinity })

    expect(planRestart(spec, [], 0)).toEqual({ action: 'remove' })
  })

  test.each(['permanent', 'transient'] as const)('restarts a %s child and remembers when', restart => {
    expect(planRestart(childSpec({ restart }), [], 7)).toEqual({ action: 'restart', window: [7] })
  })

  test('gives a child up that fails too often', () => {
    expect(planRestart(childSpec({ maxRestarts: 1, periodMs: 10 }), [5], 10)).toEqual({ action: 'give-up' })
  })

  test('restarts a child that fails at a steady pace for ever, or gives it up at once when the pace is too fast', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1000 }), (maxRestarts, gapMs) => {
        const actions = (periodMs: number): string[] => fail(childSpec({ maxRestarts, periodMs }), gapMs, 50)

        // The period holds maxRestarts restarts, and one more when it is as long as that many gaps.
        expect(new Set(actions(gapMs * maxRestarts - 1))).toEqual(new Set(['restart']))
        expect(actions(gapMs * maxRestarts).indexOf('give-up')).toBe(maxRestarts)
      }),
    )
  })
})

/** What becomes of a child that fails so many times with the same gap between. */
function fail(spec: ChildSpec, gapMs: number, times: number): string[] {
  const actions: string[] = []
  let window: RestartWindow = []
  for (let time = 0; time < times; time++) {
    const plan = planRestart(spec, window, time * gapMs)
    actions.push(plan.action)
    if (plan.action !== 'restart') break
    window = plan.window
  }
  return actions
}
