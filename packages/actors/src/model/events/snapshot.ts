import type { MailboxStatistics } from '../mailbox-spec.js'
import type { ChildState } from '../supervision/child-spec.js'
import type { Handling } from './black-box-report.js'

/** What an actor waits for: an ask that it made before its handler's first `await`, not answered yet. */
export interface Waiting {
  /** The id of the actor that was asked. */
  readonly actor: number
  readonly host: number
  readonly method: string
}

/** What a durable actor has in its store, and what is not there yet. */
export interface DurableSnapshot {
  /** Its commits on its current thread. They only grow there. */
  readonly commits: number
  /** Messages that it has handled, and of which that is not kept yet. */
  readonly unkept: number
  /** Milliseconds since its oldest commit that is not done was given to the store; 0 when there is none. */
  readonly lagMs: number
  /** Reminders that are still to come. */
  readonly reminders: number
}

/** One actor. */
export interface ActorSnapshot {
  readonly id: number
  readonly host: number
  /** Empty when it has none. */
  readonly name: string
  /** The name of its class. */
  readonly definition: string
  /** The current message, and since when; undefined when there is none. */
  readonly handling: Handling | undefined
  /** Messages that it has handled on its current thread. It only grows there. */
  readonly handled: number
  /** Undefined when its host did not answer in time, or has no cell for it. */
  readonly mailbox: MailboxStatistics | undefined
  /** Messages that waited when its host last reported. */
  readonly waiting: number
  readonly waitsFor: readonly Waiting[]
  /** Undefined when it is not durable, or its host did not answer in time. */
  readonly durable: DurableSnapshot | undefined
}

/** One child of a supervisor or an actor, with its own children. */
export interface ChildSnapshot {
  readonly id: string
  readonly kind: 'actor' | 'service' | 'supervisor'
  readonly state: ChildState
  /** How often it was restarted, including failed restarts. It only grows. */
  readonly restarts: number
  readonly actor: ActorSnapshot | undefined
  readonly children: readonly ChildSnapshot[]
}

/** A process that a host has to itself. */
export interface ProcessSnapshot {
  /** Its number in the operating system. */
  readonly pid: number
  /** Bytes of its resident memory, as it said with its last sign of life; undefined before the first. */
  readonly rssBytes: number | undefined
}

/** One host. */
export interface HostSnapshot {
  readonly number: number
  /**
   * The node that lends its thread; undefined for hosts in the system's own process. For a host in another process, its
   * heap, utilization and handlers are unknown.
   */
  readonly node: string | undefined
  /** The process that it has to itself, with `own-process`; undefined when it shares one. */
  readonly process: ProcessSnapshot | undefined
  readonly incarnation: number
  /** Whether it has a thread. */
  readonly isRunning: boolean
  /**
   * Whether it did not answer within the deadline: it spins, or is busy. Its figures are then those that it last wrote
   * into shared memory.
   */
  readonly isStale: boolean
  /** When it last reported, in milliseconds since the Unix epoch. */
  readonly seenAtMs: number
  /** Bytes of its JavaScript heap that are in use. */
  readonly heapBytes: number
  /**
   * The share of the time in which its event loop was busy, from 0 to 1: since the last reading, a second or more
   * before.
   */
  readonly utilization: number
  /** Asks of its actors that wait for an answer; undefined when it is stale. */
  readonly asks: number | undefined
  /** Lines that its actors logged and that could not be written; undefined when it is stale. */
  readonly droppedLogLines: number | undefined
  /** The id of the actor whose handler has the thread. */
  readonly running: number | undefined
}

/**
 * The state of a system, as plain data: for a person, a log or a monitor. Counters only grow; read them twice to
 * compute a rate.
 */
export interface SystemSnapshot {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number
  readonly uptimeMs: number
  readonly hosts: readonly HostSnapshot[]
  /** The children of the system's own supervisor, in the order of their start. */
  readonly tree: readonly ChildSnapshot[]
  readonly pools: readonly { readonly id: number; readonly name: string; readonly workers: readonly number[] }[]
  readonly compute: { readonly running: number; readonly waiting: number }
  readonly restarts: number
  readonly deadLetters: number
  readonly messagesLost: number
  /** Sessions with nodes, and with the processes of actors, that the system ended because of what they had sent. */
  readonly nodeFaults: number
}

/** How long hosts may take to answer. */
export interface SnapshotOptions {
  /** Milliseconds after which the snapshot shows a host that has not answered in its last known state. Default 500. */
  readonly timeoutMs?: number | undefined
}
