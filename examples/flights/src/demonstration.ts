import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { startSystem, type System } from '@zera/actors'
import { runActorPass } from './actor-pass.js'
import { readAirportNames } from './airport-names.js'
import type { ChaosTools } from './chaos.js'
import { describeRound, isSameResult, renderCheck, renderSpeed } from './comparison.js'
import { type Crew, startCrew } from './crew.js'
import { renderDistances, renderWorstRoutes } from './delays-report.js'
import { openFlightsFile } from './flights-file.js'
import { formatAmount, formatCount } from './format.js'
import type { RunOptions } from './options.js'
import { listParts, type Part } from './parts.js'
import { type Progress, startProgress } from './progress.js'
import { renderReceipt } from './receipt.js'
import { renderHours, renderWorstAirports } from './report.js'
import { runRounds } from './rounds.js'
import { runSinglePass } from './single-pass.js'
import { describeEvent, renderStory, type StoryEvent } from './story.js'

const SYSTEM_NAME = 'flights'

/**
 * Counts the flights with actors, then once more in this thread alone, then in turn, and prints what they have found
 * and how long they took.
 *
 * @param signal Ends it: it rejects, and prints no result.
 * @returns Whether all counts are equal and the system has stopped cleanly.
 */
export async function runDemonstration(options: RunOptions, signal: AbortSignal): Promise<boolean> {
  const { workers, isChaotic, isObserved } = options
  const file = await openFlightsFile()
  const names = await readAirportNames()
  const parts = listParts(file.rowGroups).length
  const startedAt = performance.now()
  const story: StoryEvent[] = []
  let progress: Progress | undefined

  const beginPasses = (passes: number, ...title: string[]): void => {
    signal.throwIfAborted()
    progress?.stop()
    console.log(`${title.join('\n')}\n`)
    progress = startProgress(process.stdout, { parts: passes * parts, rows: passes * file.rowCount })
  }
  const onPart = ({ rowCount }: Part): void => {
    signal.throwIfAborted()
    progress?.advance(rowCount)
  }
  const tell = (happened: StoryEvent): void => {
    story.push(happened)
    const line = describeEvent(happened)
    if (line !== undefined) progress?.note(line)
  }
  const onRepeat = ({ index }: Part, worker: string, error: unknown): void =>
    tell({ type: 'part-repeated', event: { part: index, worker, error }, atMs: performance.now() - startedAt })
  let isShown = false
  signal.addEventListener('abort', () => {
    if (!isShown) progress?.note('Interrupted: stopping all threads. There is no result.')
  })

  await using system = await startSystem({ threads: 0, name: SYSTEM_NAME, observer: isObserved })
  if (isObserved) console.log(`Watch it in a browser: ${(await system.observe()).url}\n`)
  system.events.onAny(event => tell({ ...event, atMs: performance.now() - startedAt }))
  beginPasses(
    1,
    `${formatCount(file.rowCount)} flights, counted by ${formatAmount(workers, 'actor')}, each on a thread of its own`,
    ...(isChaotic ? ['Half-way, one thread is killed and one actor is made to throw.'] : []),
  )
  const crew = await startCrew(system, workers)
  const chaos = isChaotic ? toolsOfChaos(system, crew) : undefined
  const pass = await runActorPass(crew, file, { signal, chaos, onPart, onRepeat })
  const actors = { ...pass, elapsedMs: performance.now() - startedAt }
  const conditions = { workers, cpus: availableParallelism(), ...countTroubles(story) }

  beginPasses(1, '', 'The same in one thread alone, to check')
  const single = await runSinglePass(file, onPart)

  beginPasses(2 * options.rounds, '', 'Both again, in turn and without chaos, to compare')
  const rounds = await runRounds(
    options.rounds,
    { single: () => runSinglePass(file, onPart), actors: () => runActorPass(crew, file, { signal, onPart, onRepeat }) },
    (round, index) => progress?.note(describeRound(round, index)),
  )

  const columns = process.stdout.columns || 80
  const passes = [actors, ...rounds.flatMap(round => [round.single, round.actors])]
  const wrong = passes.find(other => !isSameResult(other, single))
  const sections = [
    renderWorstAirports(actors.totals, names, columns),
    renderHours(actors.totals, columns),
    renderWorstRoutes(actors.totals, names, columns),
    renderDistances(actors.totals, columns),
    renderCheck(wrong ?? actors, single),
    renderStory(story),
    renderSpeed(rounds, actors, conditions),
  ]
  if (isObserved) {
    signal.throwIfAborted()
    console.log(`\n${sections.join('\n\n')}\n\nThe page shows it until you press Ctrl-C.`)
    isShown = true
    await once(signal, 'abort')
  }
  const receipt = await system.stop()
  signal.throwIfAborted()
  console.log(`\n${[...sections, renderReceipt(receipt, SYSTEM_NAME)].join('\n\n')}`)
  return wrong === undefined && receipt.isClean
}

function toolsOfChaos(system: System, { workers }: Crew): ChaosTools {
  return {
    // Really kills: nothing in the thread is asked or told before.
    kill: worker => void system.killHost(workers[worker]!),
    sabotage: worker => void workers[worker]!.tell.sabotage(),
  }
}

function countTroubles(story: readonly StoryEvent[]): { readonly threadsLost: number; readonly repeats: number } {
  const count = (type: StoryEvent['type']): number => story.filter(happened => happened.type === type).length
  return { threadsLost: count('host-down'), repeats: count('part-repeated') }
}
