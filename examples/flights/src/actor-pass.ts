import type { ActorRef, System } from '@zera/actors'
import AggregatorDefinition, { type Aggregator } from './aggregator.js'
import { Chaos } from './chaos.js'
import type { FlightsFile, RowGroup } from './flights-file.js'
import { planJobs } from './jobs.js'
import { runJobs } from './run-jobs.js'
import SinkDefinition, { type SinkResult } from './sink.js'

/** How the actors count. */
export interface ActorPassOptions {
  readonly workers: number
  readonly isChaotic: boolean
  readonly signal: AbortSignal
  /** Is called when a row group has been counted. */
  onRowGroup(rowGroup: RowGroup): void
  /** Is called when a row group will be given out again. */
  onRepeat(rowGroup: RowGroup, worker: string, error: unknown): void
}

export interface ActorPass extends SinkResult {
  /** From the start of the first thread until the sum was there. */
  readonly elapsedMs: number
}

/**
 * Counts the whole file with supervised actors, each on a thread of its own. They stay alive: stop the system to stop
 * them.
 */
export async function runActorPass(system: System, file: FlightsFile, options: ActorPassOptions): Promise<ActorPass> {
  const { signal } = options
  const startedAt = performance.now()
  // The sink is started first, so it is stopped last.
  const sink = await system.spawn(SinkDefinition, { name: 'sink', placement: 'own-thread' })
  const workers = await Promise.all(
    Array.from({ length: options.workers }, (_, index) =>
      system.spawn(AggregatorDefinition, {
        name: `worker-${index + 1}`,
        placement: 'own-thread',
        maxRestarts: 10,
        props: { sink },
      }),
    ),
  )
  const chaos = options.isChaotic ? prepareChaos(system, workers) : undefined

  await runJobs(planJobs(file.rowGroups, workers.length), {
    signal,
    async work({ worker, rowGroup }, begun) {
      for await (const _ of workers[worker]!.stream.aggregate(rowGroup.index)) begun()
    },
    onStart: (assignment, jobs) => chaos?.jobStarts(assignment, jobs),
    onBegun: (assignment, jobs) => chaos?.jobBegun(assignment, jobs),
    onDone({ rowGroup }, jobs) {
      options.onRowGroup(rowGroup)
      chaos?.jobDone(jobs)
    },
    onFailed: ({ worker, rowGroup }, error) => options.onRepeat(rowGroup, workers[worker]!.name, error),
  })

  return { ...(await sink.ask.result()), elapsedMs: performance.now() - startedAt }
}

function prepareChaos(system: System, workers: readonly ActorRef<Aggregator>[]): Chaos {
  return new Chaos({
    // Really kills: nothing in the thread is asked or told before.
    kill: worker => void system.killHost(workers[worker]!),
    sabotage: worker => void workers[worker]!.tell.sabotage(),
  })
}
