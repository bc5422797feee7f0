import type { Progress } from '@zera/core/internal'
import type { Address } from '../address.js'

/** Why a message was not handled. */
export type DeadLetterReason =
  /** Its handler threw, and it was a tell, not an ask. */
  | 'handler-threw'
  /** Its target is not running: it was stopped, given up or never started, or is stopping and takes nothing new. */
  | 'actor-stopped'
  /** Its target has no such method, or it is a generator method, which only `stream` reads; `error` says which. */
  | 'unknown-method'
  /** The mailbox of its target was full, and its policy gave the message up. */
  | 'mailbox-full'
  /** There was no file descriptor for a link to the thread of its target. */
  | 'no-link'
  /** The thread of its target went down with it. */
  | 'thread-down'
  /**
   * Its thread went down while handling it, and so did the threads of all its permitted redeliveries. An asker has got
   * its error; this is for the record.
   */
  | 'poison'
  /** The asker gave up before the handler began. It has got its error; this is for the record. */
  | 'withdrawn'

/** A message that no actor will handle, with the reason. */
export interface DeadLetter {
  /** It includes the name if the actor has one, and the name of its class, unless it stopped long ago. */
  readonly target: Address & { readonly name?: string | undefined; readonly definition?: string | undefined }
  /** The id of the actor that sent it, if it was one. */
  readonly sender: number | undefined
  readonly method: string
  readonly args: readonly unknown[]
  /**
   * Whether the arguments are here only as text, since they could not be copied from their thread. Such a letter cannot
   * be replayed.
   */
  readonly isText?: boolean | undefined
  readonly reason: DeadLetterReason
  /**
   * How far it came, when its thread went down or its actor was stopped. `begun` says that it may have had some of its
   * effects.
   */
  readonly progress: Progress | undefined
  /** What its handler threw, or what is wrong with the message. */
  readonly error: Error | undefined
}
