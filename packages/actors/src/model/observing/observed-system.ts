import type { MessageAccount } from '@zera/core/internal'
import type { DeadLetter, DeadLetterReason } from '../events/dead-letter.js'
import type { EventStream } from '../events/events.js'
import type { ChildSnapshot, SystemSnapshot } from '../events/snapshot.js'
import type { MethodTimes } from '../times/method-times.js'

// What a system shows to those who observe it, and lets them do.

/** A host, with the memory that its thread writes: to be read by any thread of the process, whatever that one does. */
export interface ObservedHost {
  readonly number: number
  /** Counts the threads that it has had. */
  readonly incarnation: number
  /** The node that lends its thread, whose memory is then elsewhere; undefined in the system's own process. */
  readonly node: string | undefined
  /** Whether it has a thread. */
  readonly isRunning: boolean
  /** See `readBlackBox`. */
  readonly blackBox: SharedArrayBuffer
  /** See `readTimes`. Undefined when nothing is measured. */
  readonly times: SharedArrayBuffer | undefined
}

/** What never goes down. */
export interface SystemCounters {
  readonly restarts: number
  readonly deadLetters: number
  readonly messagesLost: number
  readonly nodeFaults: number
  /** The dead letters and the restarts by what they were of; the definition is empty where there is none. */
  readonly deadLettersOf: readonly CountedLetters[]
  readonly restartsOf: readonly CountedRestarts[]
}

export interface CountedLetters {
  readonly definition: string
  readonly reason: DeadLetterReason
  readonly count: number
}

export interface CountedRestarts {
  readonly definition: string
  readonly count: number
}

/** A running system, as main knows it at once: nothing here waits for a thread. */
export interface ObservedSystem {
  readonly name: string
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number
  readonly events: EventStream
  /** All hosts, main's first. */
  hosts(): readonly ObservedHost[]
  /** The children of the system's own supervisor. What their actors are doing is in the memory of their hosts. */
  tree(): readonly ChildSnapshot[]
  counters(): SystemCounters
  pools(): readonly ObservedPool[]
  /** The links between hosts of this process. */
  links(): readonly LinkAccount[]
  /** Those that one side has left, or both. */
  endedLinks(): EndedLinks
  /** The last dead letters, by their numbers. */
  letters(): readonly ObservedLetter[]
  /** What hosts say of their actors. Those that have not answered in time are shown as they last were. */
  snapshot(timeoutMs: number): Promise<SystemSnapshot>
  /** What hosts of other processes have measured, those that answer in time. */
  timesElsewhere(timeoutMs: number): Promise<readonly HostTimesElsewhere[]>
  /** The last messages that came with a traceparent, of the hosts that answer in time. */
  traces(timeoutMs: number): Promise<readonly TracedMessage[]>
  /**
   * Does something to the system, logs it and who wanted it, and says in a sentence what was done. Rejects as `control`
   * does.
   */
  control(act: ControlAct, by: string): Promise<string>
}

/** A pool, with what it may become. */
export interface ObservedPool {
  readonly id: number
  readonly name: string
  readonly definition: string
  /** The ids of its workers. */
  readonly workers: readonly number[]
  /** How many it may have. */
  readonly min: number
  readonly max: number
}

/** The account of one link between two hosts of this process. */
export interface LinkAccount {
  /** The number of the host that binds, and of the one that connects. */
  readonly binds: number
  readonly connects: number
  /** See `readLedgers`. */
  readonly ledgers: SharedArrayBuffer
}

/** The links between hosts of this process that one side has left, or both. */
export interface EndedLinks {
  /** All messages of those on which nothing can happen any more. Each is handled, given back or lost. */
  readonly closed: MessageAccount
  /** The accounts of those whose remaining side has yet to settle something. See `readLedgers`. */
  readonly open: readonly SharedArrayBuffer[]
}

/** A dead letter, with a number by which another thread can name it. */
export interface ObservedLetter {
  readonly number: number
  readonly letter: DeadLetter
  readonly atMs: number
}

/** What one host of another process has measured. */
export interface HostTimesElsewhere {
  readonly host: number
  readonly times: readonly MethodTimes[]
}

/** A message that came with a traceparent, as its actor has handled it. Plain data. */
export interface TracedMessage {
  /** The trace, 32 hexadecimal digits, and the span that has sent it, 16. */
  readonly trace: string
  readonly parent: string
  readonly host: number
  /** The actor's id. */
  readonly actor: number
  readonly definition: string
  readonly method: string
  /** Milliseconds since the Unix epoch, by the clock of the host. */
  readonly beganAtMs: number
  /** Undefined while it is being handled. */
  endedAtMs: number | undefined
  hasThrown: boolean
}

/** What a person may do to a running system. Actors, pools and letters go by their numbers. */
export type ControlAct =
  /** Kills the thread of a host. Its actors are restarted as after any death of a thread. */
  | { readonly act: 'kill'; readonly host: number }
  /** Fails an actor when it has handled its current message: its supervisor restarts it, if it restarts it at all. */
  | { readonly act: 'restart'; readonly actor: number }
  /** Stops an actor for good, when it has handled what it had received. */
  | { readonly act: 'stop'; readonly actor: number }
  /** Drains a pool: it takes nothing more, its workers handle what was sent to it, and it stops for good. */
  | { readonly act: 'drain'; readonly pool: number }
  | { readonly act: 'resize'; readonly pool: number; readonly min: number; readonly max: number }
  /** Sends a dead letter again. */
  | { readonly act: 'replay'; readonly letter: number }
