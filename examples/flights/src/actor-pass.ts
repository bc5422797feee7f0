import { Chaos, type ChaosTools } from './chaos.js'
import type { Crew } from './crew.js'
import type { FlightsFile } from './flights-file.js'
import { planJobs } from './jobs.js'
import { listParts, type Part } from './parts.js'
import type { Pass } from './pass.js'
import { runJobs } from './run-jobs.js'
import type { SinkResult } from './sink.js'

/** How the actors count. */
export interface ActorPassOptions {
  readonly signal: AbortSignal
  /** How to do harm half-way; unless given, none is done. */
  readonly chaos?: ChaosTools | undefined
  /** Is called when a part has been counted. */
  onPart?(part: Part): void
  /** Is called when a part will be given out again. */
  onRepeat?(part: Part, worker: string, error: unknown): void
}

export interface ActorPass extends SinkResult, Pass {
  /** From the first part that is given out until the sum is in this thread. */
  readonly elapsedMs: number
}

/** Counts the whole file with actors. */
export async function runActorPass(
  { workers, sink }: Crew,
  file: FlightsFile,
  options: ActorPassOptions,
): Promise<ActorPass> {
  const { signal } = options
  const startedAt = performance.now()
  const chaos = options.chaos === undefined ? undefined : new Chaos(options.chaos)

  await runJobs(planJobs(listParts(file.rowGroups), workers.length), {
    signal,
    async work({ worker, part }, begun) {
      for await (const _ of workers[worker]!.stream.aggregate(part)) begun()
    },
    onStart: (assignment, jobs) => chaos?.jobStarts(assignment, jobs),
    onBegun: (assignment, jobs) => chaos?.jobBegun(assignment, jobs),
    onDone({ part }, jobs) {
      options.onPart?.(part)
      chaos?.jobDone(jobs)
    },
    onFailed: ({ worker, part }, error) => options.onRepeat?.(part, workers[worker]!.name, error),
  })

  return { ...(await sink.ask.takeResult()), elapsedMs: performance.now() - startedAt }
}
