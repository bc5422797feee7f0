import { actorContext, defineActor, type ActorRef } from '@zera/actors'
import type { Job, JobOptions, Progress, Task } from './job.js'
import type { JobWorker } from './worker.js'

/** What the queue needs at each start. */
interface QueueProps {
  readonly workers: ActorRef<JobWorker>
  /** How many jobs run at a time. */
  readonly atATime: number
}

const MOST_ATTEMPTS = 5
const FIRST_RETRY_MS = 20

/**
 * Jobs that survive the process: its fields are on disk before anything that it answers is sent.
 *
 * A worker that computes for an hour loses no lease, since there is none: a job is a question to a pool, which is
 * answered, or rejects when the worker's thread dies.
 */
export class JobQueue {
  readonly context = actorContext<JobQueue>()
  jobs = new Map<string, Job>()
  sweeps = 0
  #workers!: ActorRef<JobWorker>
  #atATime = 1
  #running = 0
  #changed = deferred()

  onStart({ workers, atATime }: QueueProps): void {
    this.#workers = workers
    this.#atATime = atATime
    // They ran in a process that is gone.
    for (const job of this.jobs.values()) if (job.state === 'running') job.state = 'waiting'
    // A schedule has the name of its method for an id, so that each start sets the same one.
    this.context.remind('sweep', { everyMs: 50 })
    this.#fill()
  }

  /** Adds a job, once, however often it is asked for. */
  add(id: string, task: Task, { priority = 0, delayMs = 0 }: JobOptions = {}): void {
    if (this.jobs.has(id)) return
    this.jobs.set(id, { ...task, id, priority, attempts: 0, state: delayMs > 0 ? 'delayed' : 'waiting' })
    if (delayMs > 0) this.context.remind('begin', { at: new Date(Date.now() + delayMs), id: `begin ${id}` }, id)
    this.#fill()
  }

  /** A job may begin now, after its delay or for another try. */
  begin(id: string): void {
    const job = this.jobs.get(id)
    if (job?.state === 'delayed') job.state = 'waiting'
    this.#fill()
  }

  /** What is done now and then: here it only counts. */
  sweep(): void {
    this.sweeps += 1
  }

  progress(): Progress {
    const states = [...this.jobs.values()].map(({ state }) => state)
    const count = (wanted: Job['state']): number => states.filter(state => state === wanted).length
    return { done: count('done'), failed: count('failed'), total: states.length }
  }

  /** Yields how far it is whenever that changes, until all is done. */
  async *watch(): AsyncGenerator<Progress, void, void> {
    for (;;) {
      const changed = this.#changed.promise
      const progress = this.progress()
      yield progress
      if (progress.done + progress.failed === progress.total) return
      await changed
    }
  }

  list(): readonly Job[] {
    return [...this.jobs.values()]
  }

  /** Gives workers what waits, the most important first. */
  #fill(): void {
    const waiting = [...this.jobs.values()]
      .filter(({ state }) => state === 'waiting')
      .toSorted((a, b) => b.priority - a.priority)
    for (const job of waiting.slice(0, this.#atATime - this.#running)) {
      job.state = 'running'
      job.attempts += 1
      this.#running += 1
      this.context.pipe(
        this.#workers.ask({ timeoutMs: Infinity }).run({ number: job.number }),
        outcome => ('result' in outcome ? this.#done(job, outcome.result) : this.#failed(job, outcome.error)),
        // The worker's thread has died.
        error => this.#failed(job, String(error)),
      )
    }
  }

  #done(job: Job, result: number): void {
    job.state = 'done'
    job.result = result
    this.#over()
  }

  #failed(job: Job, error: string): void {
    job.error = error
    job.state = job.attempts < MOST_ATTEMPTS ? 'delayed' : 'failed'
    if (job.state === 'delayed') {
      const inMs = FIRST_RETRY_MS * 2 ** job.attempts
      this.context.remind('begin', { at: new Date(Date.now() + inMs), id: `begin ${job.id}` }, job.id)
    }
    this.#over()
  }

  #over(): void {
    this.#running -= 1
    this.#changed.resolve()
    this.#changed = deferred()
    this.#fill()
  }
}

interface Deferred {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

function deferred(): Deferred {
  let resolve!: () => void
  const promise = new Promise<void>(done => (resolve = done))
  return { promise, resolve }
}

export default defineActor(import.meta.url, JobQueue, {
  durable: { transient: ['#workers', '#atATime', '#running', '#changed'] },
})
