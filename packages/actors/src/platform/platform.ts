import type { Clock, Endpoint, RemoteAccount, LinkedThread, ThreadOptions, WorkerSettings } from '@zera/core/internal'
import type { NodeFaultError } from '../model/errors.js'
import type { CreateJobThreads } from '../model/jobs/job-threads.js'
import type { SystemIdentity } from '../model/refs/system-identity.js'
import type { Random } from '../model/time/random.js'
import type { HostSeed } from './host-seed.js'
import type { HostControl } from './host-signals.js'
import type { Transport } from './transport.js'

/** The process that belongs to a single thread. */
export interface ProcessOfThread {
  /** Its number in the operating system. */
  readonly pid: number
  /** Bytes of its resident memory, as last reported; undefined before the first report. */
  readonly rssBytes: number | undefined
  /** Makes it end itself when its resident memory exceeds this many MiB. */
  limitRss(maxRssMb: number): void
}

/** A thread that hosts actors, as the main thread sees it. */
export type HostThread = Pick<
  LinkedThread,
  'words' | 'down' | 'remains' | 'receive' | 'stop' | 'kill' | 'ref' | 'unref'
> & {
  readonly link: HostControl
  /** How to reach it, when it is in another process. */
  readonly elsewhere?: PartyElsewhere | undefined
  /** The accounts of its links to other processes when it has ended, by their numbers, as far as they are known. */
  readonly accounts?: ReadonlyMap<number, RemoteAccount> | undefined
  /**
   * Ends this system's side of its process, which has sent something that no node sends; undefined when it is in this
   * process.
   */
  readonly fault?: ((problem: string) => void) | undefined
  /** Undefined when it shares its process with others. */
  readonly process?: ProcessOfThread | undefined
  /** Its output, if it was started so that its starter reads it. */
  readonly stdout?: LinkedThread['stdout']
  readonly stderr?: LinkedThread['stderr']
}

/** How to start a thread that hosts actors. */
export type HostThreadOptions = Omit<ThreadOptions, 'data'> & {
  readonly data: HostSeed
  /** The memory limit of its process, when it has one to itself, in MiB of resident memory. */
  readonly maxRssMb?: number
  /** Its own settings, instead of the system's. */
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

/** Called with the reason when a session with another process was ended. */
export type FaultListener = (error: NodeFaultError) => void

/** Threads in other processes. */
interface ThreadsElsewhere {
  /** Sets the listener for unreadable messages from one of those processes. */
  onFault(told: FaultListener): void
  /** Stops waiting for processes that do not answer. */
  closeDoors(): void
  /**
   * Ends what is shared with those processes, and those that are the system's own, when their threads and the main
   * thread's host have stopped.
   */
  stop(timeoutMs: number): Promise<void>
}

/** The threads that other processes lend to a system. */
export interface LentThreads extends ThreadsElsewhere {
  readonly places: readonly LentPlace[]
}

/** Threads that each have a process to themselves. */
export interface OwnProcesses extends ThreadsElsewhere {
  readonly startThread: StartHostThread
  /** Ends all processes that are left, at once. */
  kill(): void
}

/** Everything outside of itself that a system builds on, so that a simulation can replace it. */
export interface Platform {
  /** The system, where it has other hosts in this thread. Default: one of its own. */
  readonly identity?: SystemIdentity
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
  readonly startHost: StartHostThread
  readonly ownProcesses: OwnProcesses
  readonly createJobThreads: CreateJobThreads
  /** Undefined where no other process lends any. */
  readonly lent?: LentThreads
}

/** How hosts outside of its own process reach a host in another process. */
export interface PartyElsewhere extends Door {
  readonly endpoint: Endpoint
  /** The public key of its door; undefined where nothing is encrypted. */
  readonly doorKey: string | undefined
}

/** The door of a host in another process: it controls which sides may connect. */
export interface Door {
  /** Admits the other side of a link by its key until it is dismissed. That key admits no other. */
  admit(link: number, publicKey: string): void
  dismiss(link: number): void
}
