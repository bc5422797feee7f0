import type { Endpoint, Link, RemoteAccount, Thread, ThreadOptions, WorkerSettings } from '@zera/core/internal'
import type { NodeFaultError } from '../model/errors.js'
import type { CreateJobThreads } from '../model/jobs/job-threads.js'
import type { Clock } from '../model/time/clock.js'
import type { Random } from '../model/time/random.js'
import type { HostSeed } from './host-seed.js'
import type { Transport } from './transport.js'

/** The process that a thread has to itself. */
export interface ProcessOfThread {
  /** Its number in the operating system. */
  readonly pid: number
  /** Bytes of its resident memory, when it was last heard of; undefined before that. */
  readonly rssBytes: number | undefined
  /** Has it end itself when it has more resident memory than so many MiB. */
  limitRss(maxRssMb: number): void
}

/** A thread that hosts actors, as the main thread sees it. */
export type HostThread = Pick<Thread, 'words' | 'down' | 'remains' | 'receive' | 'stop' | 'kill' | 'ref' | 'unref'> & {
  readonly link: Pick<Link, 'signal'>
  /** How it is reached, when it is in another process. */
  readonly elsewhere?: PartyElsewhere | undefined
  /** The accounts of its links to other processes when it has ended, by their numbers, as far as anybody knows them. */
  readonly accounts?: ReadonlyMap<number, RemoteAccount> | undefined
  /**
   * Ends what there is of its process in this system, which has said what no node says; undefined when it is in this
   * one.
   */
  readonly fault?: (problem: string) => void
  /** Undefined when it shares its process with others. */
  readonly process?: ProcessOfThread | undefined
  /** What it writes, when it was started so that its starter reads that. */
  readonly stdout?: Thread['stdout']
  readonly stderr?: Thread['stderr']
}

/** How a thread that hosts actors is started. */
export type HostThreadOptions = Omit<ThreadOptions, 'data'> & {
  readonly data: HostSeed
  /** The limit of its process, when it has one to itself, in MiB of resident memory. */
  readonly maxRssMb?: number
  /** What it has of its own, instead of the system's. */
  readonly settings?: WorkerSettings | undefined
}

/**
 * Starts a thread that hosts actors, and resolves when it is ready.
 *
 * @throws {ThreadStartError} When it does not become
 * ready.
 */
export type StartHostThread = (options: HostThreadOptions) => Promise<HostThread>

/** A place on a node for one thread of the system. */
export interface LentPlace {
  readonly node: string
  /** The number of its host. */
  readonly number: number
  readonly startThread: StartHostThread
}

/** Is told why a session with another process was ended. */
export type FaultListener = (error: NodeFaultError) => void

/** Threads in other processes. */
export interface ThreadsElsewhere {
  /** Sets who is told when one of those processes says what cannot be read. */
  onFault(told: FaultListener): void
  /** Waits no longer for what does not answer. */
  closeDoors(): void
  /**
   * Ends what is shared with those processes, and those that are the system's own, when their threads and the main
   * thread's host have stopped.
   */
  stop(deadlineMs: number): Promise<void>
}

/** The threads that other processes lend to a system. */
export interface LentThreads extends ThreadsElsewhere {
  readonly places: readonly LentPlace[]
}

/** Threads that have a process each to themselves. */
export interface OwnProcesses extends ThreadsElsewhere {
  readonly startThread: StartHostThread
  /** Ends all processes that are left, at once. */
  kill(): void
}

/** Everything outside of itself that a system stands on, so that a simulation can put another in its place. */
export interface Platform {
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
  readonly startHost: StartHostThread
  readonly ownProcesses: OwnProcesses
  readonly createJobThreads: CreateJobThreads
  /** Undefined where no other process lends any. */
  readonly lent?: LentThreads
}

/** How a host in another process is reached from others than its own. */
export interface PartyElsewhere extends Door {
  readonly endpoint: Endpoint
  /** The public key of its door; undefined where nothing is encrypted. */
  readonly doorKey: string | undefined
}

/** The door of a host in another process, as far as who may connect to it is concerned. */
export interface Door {
  /** Lets the other side of a link in by its key, and nobody else by that, until it is dismissed. */
  admit(link: number, publicKey: string): void
  dismiss(link: number): void
}
