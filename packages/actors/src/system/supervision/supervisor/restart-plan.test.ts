import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AutoShutdown, Strategy } from '../../../model/supervision/supervisor-spec.js'
import { planExit, restartGroup, type ExitSituation } from './restart-plan.js'
import { EMPTY_WINDOW } from './restart-window.js'

interface ModelChild {
  readonly id: number
  readonly restart: 'permanent' | 'transient' | 'temporary'
  readonly significant: boolean
  readonly isRunning: boolean
}

interface ModelSupervisor {
  readonly strategy: Strategy
  readonly autoShutdown: AutoShutdown
  readonly maxRestarts: number
  readonly periodMs: number
}

/** Why a child has ended, in OTP's words, and whether that is abnormal. */
const REASONS = {
  normal: false,
  shutdown: false,
  'a handler threw': true,
  killed: true,
  'heap limit': true,
  'its supervisor gave up': true,
} as const

/**
 * What becomes of a supervisor and its children when one of them exits, written down from the tables of OTP's design
 * principles ("Restart strategy", "Maximum restart intensity", "Automatic shutdown") and not from our code.
 *
 * @returns The ids of those that run afterwards and were started for it, in their order, those that were stopped for
 *   it, in that order, and whether the supervisor ends.
 */
function otp(
  supervisor: ModelSupervisor,
  children: readonly ModelChild[],
  exited: ModelChild,
  isAbnormal: boolean,
  restartsBefore: readonly number[],
  nowMs: number,
) {
  const isRestarted = { permanent: true, transient: isAbnormal, temporary: false }[exited.restart]
  if (!isRestarted) {
    const significantLeft = children.filter(child => child.significant && child.isRunning && child.id !== exited.id)
    const ends =
      exited.significant && { never: false, any: true, all: significantLeft.length === 0 }[supervisor.autoShutdown]
    return { ends: ends ? 'shut-down' : 'no', stopped: [], started: [] }
  }
  const restarts = [...restartsBefore, nowMs].filter(time => time >= nowMs - supervisor.periodMs).length
  if (restarts > supervisor.maxRestarts) return { ends: 'give-up', stopped: [], started: [] }
  const position = children.indexOf(exited)
  const affected = {
    'one-for-one': [exited],
    'one-for-all': children,
    'rest-for-one': children.filter((_child, index) => index >= position),
  }[supervisor.strategy]
  return {
    ends: 'no',
    stopped: affected
      .filter(child => child.id !== exited.id)
      .map(({ id }) => id)
      .toReversed(),
    started: affected.filter(({ restart }) => restart !== 'temporary').map(({ id }) => id),
  }
}

const aChild = fc.record({
  restart: fc.constantFrom('permanent', 'transient', 'temporary'),
  significant: fc.boolean(),
  isRunning: fc.boolean(),
})
const children = fc.array(aChild, { minLength: 1, maxLength: 6 }).map(list =>
  list.map((each, id): ModelChild => ({
    ...each,
    id,
    significant: each.significant && each.restart !== 'permanent',
  })),
)
const supervisor: fc.Arbitrary<ModelSupervisor> = fc.record({
  strategy: fc.constantFrom('one-for-one', 'one-for-all', 'rest-for-one'),
  autoShutdown: fc.constantFrom('never', 'any', 'all'),
  maxRestarts: fc.nat(4),
  periodMs: fc.nat(100),
})
const pastRestarts = fc.array(fc.nat(200), { maxLength: 6 }).map(times => times.toSorted((a, b) => a - b))

describe('planExit() and restartGroup()', () => {
  test("do what OTP's rules say, for every strategy, restart, exit reason and position", () => {
    fc.assert(
      fc.property(supervisor, children, pastRestarts, fc.nat(100), (spec, all, past, later) => {
        const nowMs = 200 + later
        for (const exited of all) {
          for (const isAbnormal of Object.values(REASONS)) {
            const expected = otp(spec, all, exited, isAbnormal, past, nowMs)

            const situation: ExitSituation = {
              child: exited,
              hasFailed: isAbnormal,
              hasSignificantSibling: all.some(child => child !== exited && child.significant && child.isRunning),
              supervisor: spec,
              window: past,
            }
            const plan = planExit(situation, nowMs)
            const group = plan.action === 'restart' ? restartGroup(spec.strategy, all, exited) : { stop: [], start: [] }

            expect({
              ends: plan.action === 'shut-down' || plan.action === 'give-up' ? plan.action : 'no',
              stopped: group.stop.map(({ id }) => id),
              started: group.start.map(({ id }) => id),
            }).toEqual(expected)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('planExit()', () => {
  const forever: ExitSituation['supervisor'] = { autoShutdown: 'never', maxRestarts: 3, periodMs: 1000 }

  test('restarts a child that fails at a steady pace for ever, or gives up at once when the pace is too fast', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1000 }), (maxRestarts, gapMs) => {
        const actions = (periodMs: number): string[] => failAtPace({ ...forever, maxRestarts, periodMs }, gapMs, 50)

        // The period holds maxRestarts restarts, and one more when it is as long as that many gaps.
        expect(new Set(actions(gapMs * maxRestarts - 1))).toEqual(new Set(['restart']))
        expect(actions(gapMs * maxRestarts).indexOf('give-up')).toBe(maxRestarts)
      }),
    )
  })
})

/** What becomes of a child that fails so many times with the same gap between. */
function failAtPace(limits: ExitSituation['supervisor'], gapMs: number, times: number): string[] {
  const actions: string[] = []
  let window = EMPTY_WINDOW
  for (let time = 0; time < times; time++) {
    const child = { restart: 'permanent', significant: false } as const
    const plan = planExit(
      { child, hasFailed: true, hasSignificantSibling: false, supervisor: limits, window },
      time * gapMs,
    )
    actions.push(plan.action)
    if (plan.action !== 'restart') break
    window = plan.window
  }
  return actions
}
