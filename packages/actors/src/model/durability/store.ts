import type { ActorDefinition } from '../actor-definition.js'

/** Where a system keeps what outlives its process, for `startSystem({ store })`. A function of `@zera/store` makes it. */
export interface Store {
  /** The actor that owns the store. */
  readonly definition: ActorDefinition<StoreActor>
  /** What that is started with. */
  readonly props: unknown
}

/** The state of a durable actor. */
interface KeptState {
  /** Counts its commits, from 1. */
  readonly version: number
  /** It, as text. */
  readonly state: string
}

/** A message that an actor will have later. */
export interface Reminder {
  /** Which of those of the actor. */
  readonly id: string
  readonly method: string
  /** As text. */
  readonly args: string
  /** When, in milliseconds since the Unix epoch. */
  readonly dueMs: number
  /** The milliseconds from one to the next; undefined for one that comes once. */
  readonly everyMs: number | undefined
  /** How often its handler may have been started. */
  readonly tries: number
}

/** A reminder from now on; undefined when it is gone. */
export interface ReminderChange {
  readonly id: string
  readonly reminder: Reminder | undefined
}

/** A message to a durable mailbox, as its sender's commit has it. */
export interface SentMessage {
  /** The key of the actor that gets it. */
  readonly to: string
  readonly method: string
  /** As text. */
  readonly args: string
}

/** A message in a durable mailbox. */
export interface KeptMessage extends Omit<SentMessage, 'to'> {
  /** Which one in this store, from 1. Those of one sender to one actor have rising numbers. */
  readonly number: number
  /** How often its handler may have been started, by processes and threads that went down. */
  readonly tries: number
}

/** An answer that an ask with the same id gets again. */
export interface KeptAnswer {
  readonly id: string
  /** As text. */
  readonly answer: string
}

/** A value in a database. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array

/** A statement that is part of a commit. */
export interface SqlStatement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** What is kept of a durable actor. */
export interface KeptActor extends KeptState {
  readonly reminders: readonly Reminder[]
}

/** What one commit changes of a durable actor. */
export interface ActorCommit extends KeptState {
  /** At most one for each id. */
  readonly reminders: readonly ReminderChange[]
  /** Which actor, in this and all later processes. */
  readonly key: string
  /** Which commit. One that comes again, since it is not known whether it was kept, is not fenced by itself. */
  readonly id: string
  /** Messages for durable mailboxes. */
  readonly sent: readonly SentMessage[]
  /** The numbers of messages of its mailbox that are over. */
  readonly handled: readonly number[]
  /** Those of messages whose handlers will be started once more. */
  readonly tried: readonly number[]
  /** What it has answered to asks with an id. */
  readonly answers: readonly KeptAnswer[]
  /** What it changes in tables of the program. */
  readonly statements: readonly SqlStatement[]
}

/** What became of a commit. */
export type CommitOutcome =
  /** It is on disk. `numbers` are those of what it sent, in that order; 0 for one that was handled meanwhile. */
  | { readonly kind: 'kept'; readonly numbers: readonly number[] }
  /**
   * It is not, since the store has another version than the one before, or lacks a message that was handled: another
   * process has committed meanwhile.
   */
  | { readonly kind: 'fenced' }
  /** It is not, since the database refuses one of its statements. */
  | { readonly kind: 'refused'; readonly statement: number; readonly error: Error }

/** The store took or gave nothing, or that is not known. The same may be asked again. */
export interface Unavailable {
  readonly unavailable: Error
}

/** What a store has of an actor; `kept` is undefined when it has nothing. `store` identifies the database. */
export type KeptReport = { readonly kept: KeptActor | undefined; readonly store: string } | Unavailable

/** What a store has of an answer; undefined when it has none. */
export type AnswerReport = { readonly answer: string | undefined } | Unavailable

/** The messages of a durable mailbox that are to be handled first, in their order. */
export type MailReport = { readonly messages: readonly KeptMessage[] } | Unavailable

/** What became of each of several commits, in their order. */
export type CommitReport = { readonly outcomes: readonly CommitOutcome[] } | Unavailable

/** The messages of an actor that owns a store. It reports what it cannot do, since it would fail by an error. */
export interface StoreActor {
  /** What is kept of an actor. */
  read(key: string): KeptReport | Promise<KeptReport>
  /** The first messages in the mailbox of an actor. */
  messages(key: string, most: number): MailReport | Promise<MailReport>
  /** What an actor has answered to an ask with an id, in the last `ANSWER_MS`. */
  answer(key: string, id: string): AnswerReport | Promise<AnswerReport>
  /**
   * Commits changes as one, with those of other hosts that arrive meanwhile. Yields once, when they are on disk. It is
   * a stream, and no ask, so that the actor takes what others commit while it waits.
   */
  commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void>
}

/** The name of the actor that owns a system's store. */
export const STORE_NAME = 'zera-store'

/** What a store has of a host's outbox goes by a key that begins with this. It has no state. */
export const OUTBOX_KEY = 'zera-outbox/'

/** How long a store has an answer at least. */
export const ANSWER_MS = 86_400_000
