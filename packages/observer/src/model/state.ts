import type { DurableSnapshot, Histogram, SystemCounters } from '@zera/actors/internal'
import type { MessageAccount } from '@zera/core/internal'

// What the page, `/api/state` and the commands show: plain data.

/** Something that has happened to the system, for its history. */
export interface Happening {
  /** The name of the event, see `SystemEvents`. */
  readonly type: string
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number
  /** In a sentence. */
  readonly text: string
  /** The host and the actor that it happened to, if it did to one. */
  readonly host: number | undefined
  readonly actor: number | undefined
  readonly error: { readonly name: string; readonly message: string; readonly stack: string } | undefined
  /** The last starts and ends of handlers of a thread that went down, oldest first. */
  readonly blackBox: readonly { readonly atMs: number; readonly what: string; readonly text: string }[] | undefined
}

/** The message that an actor is handling. */
export interface Doing {
  readonly actor: number
  /** Its name, or its definition and id. */
  readonly title: string
  readonly method: string
  readonly sinceMs: number
}

/** How a thread is. */
type ThreadCondition =
  /** It runs, or waits for work. */
  | 'well'
  /** It has not looked at the clock for a second: something keeps its event loop from turning. */
  | 'blocked'
  | 'down'
  /** It is in another process, whose memory this one cannot read. */
  | 'elsewhere'

/** One thread that hosts actors. */
export interface ThreadState {
  /** The number of its host; 0 is main. */
  readonly host: number
  readonly name: string
  readonly incarnation: number
  readonly condition: ThreadCondition
  /** Since when it is blocked, to a quarter of a second. */
  readonly blockedSinceMs: number | undefined
  /** The handler that has the thread: it runs, and has not reached its first `await`. */
  readonly running: Doing | undefined
  /** Handlers that wait for something, up to ten, the longest first. */
  readonly waiting: readonly Doing[]
  /** From 0 to 1, in the last second. */
  readonly utilization: number
  readonly heapBytes: number
  /** Processor time in the last seconds, in cores; undefined where the operating system does not tell. */
  readonly cores: number | undefined
  /** All that it has had, in seconds. */
  readonly seconds: number | undefined
  /** How late its event loop turns, in milliseconds. */
  readonly delay: Summary
}

/** A histogram in a few numbers, in milliseconds. */
export interface Summary {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** One method of one definition, in one window of time. */
export interface MethodWindow {
  readonly handled: number
  readonly failed: number
  /** Handled in a second. */
  readonly rate: number
  /** The share of a core that its handlers take, while they run or wait. */
  readonly load: number
  readonly run: Summary
  readonly wait: Summary
  readonly ask: Summary
}

/** One method of one definition. */
export interface MethodState {
  readonly definition: string
  readonly method: string
  readonly short: MethodWindow
  readonly long: MethodWindow
  /** Since the start of the system. */
  readonly total: {
    readonly handled: number
    readonly failed: number
    readonly run: Histogram
    readonly wait: Histogram
    readonly ask: Histogram
  }
}

/** One node of the tree. */
export interface TreeState {
  readonly id: string
  readonly kind: 'actor' | 'service' | 'supervisor'
  readonly state: string
  readonly restarts: number
  readonly actor: ActorState | undefined
  readonly children: readonly TreeState[]
}

/** One actor. */
interface ActorState {
  readonly id: number
  readonly host: number
  readonly name: string
  readonly definition: string
  readonly handled: number
  /** Messages that wait now, as its host last said, or that waited when it began its current one. */
  readonly waiting: number
  readonly doing: { readonly method: string; readonly sinceMs: number } | undefined
  /** Undefined when it is not durable. */
  readonly durable: DurableSnapshot | undefined
}

/** An ask that a handler waits for. */
export interface WaitState {
  /** The actor that waits, and the one that it has asked. */
  readonly from: ActorTitle
  readonly to: ActorTitle
  /** The method that it has asked for. */
  readonly method: string
  /** Since when it has been handling the message that it asked for. */
  readonly sinceMs: number
}

/** An actor, as a person calls it. */
export interface ActorTitle {
  readonly id: number
  readonly title: string
}

/** What one host has sent to another, and what that has not handled yet. */
export interface LinkState {
  readonly from: number
  readonly to: number
  readonly messages: number
  /** Milliseconds for which the oldest of them has waited, at least, and to one look; 0 when there is none. */
  readonly oldestMs: number
  /** Whether more wait for the other to handle some. */
  readonly isStalled: boolean
}

/**
 * All messages from one thread of the process to another, since the start of the system, by what became of them: `sent`
 * is the sum of the others.
 */
export interface MessageLedger extends MessageAccount {
  /** Those that wait at their senders, on their way, or at their receivers. */
  readonly underWay: number
  /** Those of which nothing is known. It is 0, or Zera has a fault; below 0 when messages were handled twice. */
  readonly missing: number
}

/** One pool. */
export interface PoolState {
  readonly id: number
  /** Its name, or its definition and number. */
  readonly title: string
  readonly name: string
  readonly definition: string
  readonly workers: number
  readonly min: number
  readonly max: number
  /** Workers that are handling a message. */
  readonly running: number
  /** The share of them, from 0 to 1. */
  readonly utilization: number
  /** Messages that wait in the mailboxes of its workers. */
  readonly waiting: number
}

/** A message that no actor handled, and that can be sent again. */
export interface LetterState {
  readonly number: number
  readonly atMs: number
  readonly target: string
  readonly method: string
  readonly reason: string
  readonly error: string | undefined
  /** Its arguments, if they may be shown. */
  readonly args: string | undefined
}

/** One actor, as it is looked at by itself. */
export interface ActorView {
  readonly node: TreeState
  readonly methods: readonly MethodState[]
  /** The last starts and ends of its handlers, oldest first, as far as its thread remembers them. */
  readonly entries: readonly { readonly atMs: number; readonly what: string; readonly text: string }[]
  readonly waitsFor: readonly WaitState[]
  readonly awaitedBy: readonly WaitState[]
}

/** Something that is likely wrong, with what to do. */
export interface Finding {
  readonly severity: 'warning' | 'problem'
  /** What it is about: a word that stays. */
  readonly kind:
    | 'deadlock'
    | 'blocked-thread'
    | 'stalled-sender'
    | 'slow-handler'
    | 'long-mailbox'
    | 'failing'
    | 'lost-messages'
    | 'missing-messages'
    | 'dead-letters'
    | 'down-thread'
  readonly text: string
  readonly remedy: string
}

/** A system, as it is now. */
export interface SystemState {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number
  readonly name: string
  readonly pid: number
  readonly node: string
  readonly startedAtMs: number
  /** Seconds that the windows cover by now: at most 10 and 300. */
  readonly windows: { readonly short: number; readonly long: number }
  readonly threads: readonly ThreadState[]
  readonly tree: readonly TreeState[]
  readonly methods: readonly MethodState[]
  readonly pools: readonly PoolState[]
  readonly links: readonly LinkState[]
  readonly ledger: MessageLedger
  /** Which handlers wait for which actors, as hosts last said. */
  readonly waits: readonly WaitState[]
  /** Actors that wait for each other, in a circle: none of them goes on by itself. */
  readonly deadlocks: readonly (readonly ActorTitle[])[]
  /** The last dead letters, newest last. */
  readonly letters: readonly LetterState[]
  /** Whether whoever sees this may act. */
  readonly hasControl: boolean
  readonly counters: SystemCounters & { readonly handled: number; readonly failed: number }
  readonly findings: readonly Finding[]
  /** Of the last hour, newest last. */
  readonly history: readonly Happening[]
}
