import { startThread, type Link, type RemoteAccount, type Thread, type ThreadOptions } from '@zera/core'
import { systemClock, type Clock } from './clock.js'
import type { CreateJobThreads } from './compute/job-threads.js'
import { HOST_THREAD } from './host-thread-url.js'
import type { HostSeed } from './hosting/host-thread.js'
import type { PartyElsewhere } from './hosting/switchboard.js'
import { systemRandom, type Random } from './random.js'
import { threadTransport, type Transport } from './transport.js'

/** A thread that hosts actors, as the main thread sees it. */
export type HostThread = Pick<Thread, 'words' | 'down' | 'remains' | 'receive' | 'stop' | 'kill' | 'ref' | 'unref'> & {
  readonly link: Pick<Link, 'signal'>
  /** How it is reached, when it is in another process. */
  readonly elsewhere?: PartyElsewhere
  /** The accounts of its links to other processes when it has ended, by their numbers, as far as anybody knows them. */
  readonly accounts?: ReadonlyMap<number, RemoteAccount> | undefined
}

/** Starts a thread that hosts actors, and resolves when it is ready. @throws {ThreadStartError} When it does not become ready. */
export type StartHostThread = (options: Omit<ThreadOptions, 'data'> & { readonly data: HostSeed }) => Promise<HostThread>

/** A place on a node for one thread of the system. */
export interface LentPlace {
  readonly node: string
  /** The number of its host. */
  readonly number: number
  readonly startThread: StartHostThread
}

/** The threads that other processes lend to a system. */
export interface LentThreads {
  readonly places: readonly LentPlace[]
  /** Waits no longer for those that do not answer. */
  closeDoors(): void
  /** Ends what is shared with those processes, when their threads and the main thread's host have stopped. */
  stop(deadlineMs: number): Promise<void>
}

/** Everything outside of itself that a system stands on, so that a simulation can put another in its place. */
export interface Platform {
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
  readonly startHost: StartHostThread
  readonly createJobThreads: CreateJobThreads
  /** Undefined where no other process lends any. */
  readonly lent?: LentThreads
}

/** The time and the chance of this machine, and its threads. */
export const threadPlatform: Platform = {
  clock: systemClock,
  random: systemRandom,
  transport: threadTransport,
  startHost: options => startThread(HOST_THREAD, options),
  // Few systems compute, and the import takes as long as the start of a thread.
  createJobThreads: async threads => new (await import('./compute/piscina-threads.js')).PiscinaThreads(threads),
}
