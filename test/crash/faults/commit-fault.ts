import { startSystem } from '@zera/actors'
import { descriptorsByKind } from '../../stress/leaks/descriptors.js'
import { chance } from '../chance.js'
import type { GrowthName } from '../rows/endings.js'
import { PATIENCE_MS, until } from '../until.js'
import CulpritActor from './culprit.js'
import { moreDescriptors, takeAllDescriptors } from './descriptors.js'
import { countEvents, deathOf, expectSame, outcomeOf, type FaultStage } from './fault-stage.js'
import type { FaultName } from './faults.js'
import { loadOddValues } from './odd-values.js'
import OnlookerActor from './onlooker.js'

const { ODD_THENABLES, ODD_THROWN } = await loadOddValues()

/** A start is given up after so many milliseconds at most: wherever it is then. */
const LONGEST_START_MS = 120

/** What is kept of each message, and what fills a heap of 32 MiB in one handler, within what V8 has room for. */
const ENTRIES_A_MESSAGE = 1000
const ENTRIES_AT_ONCE = 1_000_000

/**
 * Commits a fault once, and notes what comes of it that may not.
 *
 * @param round Which time it is, from 0.
 */
export const COMMIT: Readonly<Record<FaultName, (stage: FaultStage, round: number) => Promise<void>>> = {
  'first-word-exit': stage => firstWord(stage, 'exit'),
  'first-word-throw': stage => firstWord(stage, 'throw'),
  'no-descriptors': speakWithoutDescriptors,
  'throws-unreadable': throwUnreadable,
  'answers-unreadable': answerUnreadable,
  'late-unreadable': (stage, round) => deathOf(stage, () => stage.culprit.tell.throwOddUncaught(round)),
  'killed-while-loading': giveUpStart,
  'map-grows': stage => leak(stage, 'map-grows'),
  'set-grows': stage => leak(stage, 'set-grows'),
  'array-grows': stage => leak(stage, 'array-grows'),
  'object-grows': stage => leak(stage, 'object-grows'),
  'at-once': stage => deathOf(stage, () => stage.culprit.tell.keep('map-grows', ENTRIES_AT_ONCE)),
  'huge-allocation': stage => deathOf(stage, () => stage.culprit.tell.allocate()),
  'native-crash': stage => deathOf(stage, () => stage.culprit.tell.crash()),
}

async function firstWord(stage: FaultStage, how: 'exit' | 'throw'): Promise<void> {
  const [, other] = stage.onlookers
  if (other !== undefined) await deathOf(stage, () => stage.culprit.tell.tellAndEnd(other, how))
}

async function throwUnreadable(stage: FaultStage): Promise<void> {
  const { culprit } = stage
  const ask = culprit.ask({ timeoutMs: PATIENCE_MS })
  for (const [index, { name }] of ODD_THROWN.entries()) {
    const failures = countEvents(stage, 'actor-failed')
    const outcomes = [
      await outcomeOf(ask.throwOdd(index)),
      await outcomeOf(ask.throwOddLater(index)),
      await outcomeOf(readAll(culprit.stream.streamOdd(index))),
    ]
    culprit.tell.throwOddToItself(index)
    await until('the actor has failed four times', () => countEvents(stage, 'actor-failed') === failures + 4)
    for (const outcome of outcomes)
      if (outcome === 'answered' || outcome === 'ZERA_ASK_TIMEOUT')
        stage.problems.push(`${name}: the asker of what threw it: ${outcome}`)
  }
}

async function answerUnreadable(stage: FaultStage): Promise<void> {
  const ask = stage.culprit.ask({ timeoutMs: PATIENCE_MS })
  for (const [index, { name }] of ODD_THENABLES.entries()) {
    for (const outcome of [await outcomeOf(ask.answerOdd(index)), await outcomeOf(ask.answerOddLater(index))]) {
      if (outcome === 'answered' || outcome === 'ZERA_ASK_TIMEOUT')
        stage.problems.push(`${name}: its asker: ${outcome}`)
    }
  }
}

/** Keeps a little of each message, until that is too much. */
async function leak(stage: FaultStage, growth: GrowthName): Promise<void> {
  const downs = countEvents(stage, 'host-down')
  await deathOf(stage, async () => {
    while (countEvents(stage, 'host-down') === downs)
      await outcomeOf(stage.culprit.ask({ timeoutMs: PATIENCE_MS }).keep(growth, ENTRIES_A_MESSAGE))
  })
}

/**
 * A link needs descriptors, and there are none: who speaks hears so, or the message waits, and all others go on. When
 * there are some again, so does this.
 */
async function speakWithoutDescriptors(stage: FaultStage): Promise<void> {
  const {
    system,
    culprit,
    onlookers: [, other],
  } = stage
  if (other === undefined) return
  const giveBack = takeAllDescriptors()
  const starting = outcomeOf(system.spawn(OnlookerActor, { placement: 'own-thread' }))
  const speaking = outcomeOf(culprit.ask({ timeoutMs: PATIENCE_MS }).askOther(other))
  expectSame(
    stage,
    'the culprit without descriptors',
    await outcomeOf(culprit.ask({ timeoutMs: PATIENCE_MS }).answer()),
    'answered',
  )
  const refused = await starting
  if (!refused.startsWith('ZERA_')) stage.problems.push(`a start without descriptors: ${refused}`)
  giveBack()
  const spoken = await speaking
  if (spoken !== 'answered' && !spoken.startsWith('ZERA_'))
    stage.problems.push(`what was said without descriptors: ${spoken}`)
  expectSame(
    stage,
    'the culprit with descriptors',
    await outcomeOf(culprit.ask({ timeoutMs: PATIENCE_MS }).askOther(other)),
    'answered',
  )
  expectSame(
    stage,
    'a start with descriptors',
    await outcomeOf(system.spawn(OnlookerActor, { placement: 'own-thread' })),
    'answered',
  )
}

/** Starts that are given up, wherever they are. */
async function giveUpStart({ place, problems }: FaultStage, round: number): Promise<void> {
  const before = descriptorsByKind()
  const startMs = 1 + (chance(round)() % LONGEST_START_MS)
  const isShared = place.placement === 'shared'
  try {
    await using system = await startSystem({ threads: isShared ? 2 : 0, startMs, handleSignals: false })
    if (!isShared) await system.spawn(CulpritActor, { placement: place.placement })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ZERA_THREAD_START' && code !== 'ZERA_ACTOR_START')
      problems.push(`a start that was given up: ${String(error)}`)
  }
  await until('the descriptors are back', () => moreDescriptors(before, descriptorsByKind()).length === 0).catch(() => {
    problems.push(`a start that was given up left ${moreDescriptors(before, descriptorsByKind()).join()}`)
  })
}

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  const reading = items[Symbol.asyncIterator]()
  while ((await reading.next()).done !== true);
}
