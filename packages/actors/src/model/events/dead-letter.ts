import type { Progress } from '@zera/core/internal'
import type { Address } from '../address.js'

/** Why a message was not handled. */
export type DeadLetterReason =
  /** Its handler threw, and nobody had asked. */
  | 'handler-threw'
  /** Its target is not running: stopped, given up, or never started. */
  | 'actor-stopped'
  /** Its target has no such method. */
  | 'unknown-method'
  /** The mailbox of its target was full, and its policy gave the message up. */
  | 'mailbox-full'
  /** There was no descriptor for a link to the thread of its target. */
  | 'no-link'
  /** The thread of its target went down with it. */
  | 'thread-down'
  /**
   * Its thread went down while it was handled, and so did those of the redeliveries that it may have. An asker has its
   * error; this is for the record.
   */
  | 'poison'
  /** The asker gave up before the handler began. The asker has its error; this is for the record. */
  | 'withdrawn'

/** A message that was told and will not be handled, with the reason. */
export interface DeadLetter {
  /** Its name is there when it has one, unless it has stopped long ago. */
  readonly target: Address & { readonly name?: string }
  /** The id of the actor that sent it, if it was one. */
  readonly sender: number | undefined
  readonly method: string
  readonly args: readonly unknown[]
  /**
   * Whether the arguments are here as texts, since they could not be copied from their thread. Such a letter cannot be
   * replayed.
   */
  readonly isText?: boolean
  readonly reason: DeadLetterReason
  /** How far it came, when its thread went down. `begun` says that it may have had some of its effects. */
  readonly progress: Progress | undefined
  /** What its handler threw. */
  readonly error: Error | undefined
}
