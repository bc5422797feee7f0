import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { BY_HAND, OVERLAPS } from '../../fixtures/otp/by-hand-and-overlaps.js'
import { DEATHS, INTENSITY, NESTING, SIGNIFICANCE } from '../../fixtures/otp/ends.js'
import { ONE_END } from '../../fixtures/otp/one-end.js'
import type { Scenario, Step } from '../../fixtures/otp/scenario.js'
import { makeScores } from '../../fixtures/otp/score.js'
import { play, wholeSteps } from '../../fixtures/otp/stage.js'
import { FAILED_RESTARTS, GROUPS, STARTS } from '../../fixtures/otp/starts-and-groups.js'
import type { Placement } from '../../model/supervision/child-spec.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterAll()

const ALL = [
  ...ONE_END,
  ...STARTS,
  ...GROUPS,
  ...FAILED_RESTARTS,
  ...INTENSITY,
  ...SIGNIFICANCE,
  ...NESTING,
  ...BY_HAND,
  ...OVERLAPS,
]

interface Cast {
  readonly where: string
  readonly scenarios: readonly Scenario[]
  readonly threads: number
  readonly atOnce: number
  readonly place: (scenario: Scenario) => (part: string) => Placement
}

const CASTS: readonly Cast[] = [
  { where: 'the main thread', scenarios: ALL, threads: 0, atOnce: Infinity, place: () => () => 'main' },
  { where: 'shared threads', scenarios: ALL, threads: 2, atOnce: Infinity, place: () => () => 'shared' },
  // A thread costs a quarter of a second of a core: some of all, in which the first that something is done to has one.
  {
    where: 'threads of their own',
    scenarios: [...DEATHS, ...ALL.filter((_, index) => index % 13 === 0)],
    threads: 1,
    atOnce: 4 * availableParallelism(),
    place: scenario => part => (part === protagonist(scenario) ? 'own-thread' : 'shared'),
  },
]

describe.each(CASTS)('a supervisor does as OTP does, on $where', cast => {
  let played: ReadonlyMap<Scenario, readonly Step[]>
  beforeAll(async () => void (played = await playAll(cast)), 240_000)

  test.each(cast.scenarios.map(scenario => ({ ...scenario, strategy: scenario.options.strategy, scenario })))(
    '$strategy [$children]: $rule',
    ({ scenario }) => {
      expect(played.get(scenario)).toEqual(wholeSteps(scenario))
    },
  )
})

/** What each scenario came to: many at the same time, in one system. */
async function playAll({ scenarios, threads, atOnce, place }: Cast): Promise<ReadonlyMap<Scenario, readonly Step[]>> {
  makeScores(scenarios.length)
  await using system = await startSystem({ threads, handleSignals: false })
  const played = new Map<Scenario, readonly Step[]>()
  const waiting = scenarios.entries()
  const playSome = async (): Promise<void> => {
    for (const [number, scenario] of waiting)
      played.set(scenario, await play(system, scenario, number, place(scenario)))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, scenarios.length) }, playSome))
  return played
}

function protagonist({ steps }: Scenario): string | undefined {
  return steps.flatMap(([does]) => /\b[a-z]\b/.exec(does) ?? [])[0]
}
