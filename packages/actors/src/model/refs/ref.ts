import type { Address } from '../address.js'
import type { CancelSpec } from '../cancel-ladder.js'
import type { Asker, Streamer, Tell, WaitOptions } from '../protocol.js'

/** What a ref is made of; it travels in messages. */
export interface RefData extends Address {
  readonly name: string
  /** The module and the class of the actor. */
  readonly url: string
  readonly definition: string
  /** What its definition says of handlers whose asker has given up, when it says something. */
  readonly cancel?: CancelSpec | undefined
}

/**
 * Where to send an actor's messages. It can be sent to other threads in messages, and stays good when the actor is
 * restarted.
 *
 * Messages from one sender to one actor arrive in order, at most once: each is handled, or it is dead-lettered with a
 * reason.
 */
export interface ActorRef<A extends object> {
  readonly name: string

  readonly address: Address

  /**
   * Names the actor or the pool in its system: the same text in all threads, whatever its incarnation and however the
   * ref arrived, and no other's, also when the actor has ended. It is a key for a Map or a Set, and a word for a log.
   */
  readonly id: string

  /**
   * Whether another ref is to the same actor, or the same pool, of the same system. Two refs to one actor are two
   * objects when they arrived in two messages, so compare them with this, and not with `===`.
   */
  equals(other: ActorRef<object>): boolean

  /**
   * Sends a message and goes on: `ref.tell.add(1)`. The message is copied now when the actor is on another thread; on
   * the same thread it is handed over, so do not touch its objects again.
   *
   * @returns False when many messages wait for the actor, or for its host when that is another: this one is accepted,
   *   but await `ready()` before the next.
   * @throws {MailboxFullError} When its mailbox is full and refuses senders (see `Overflow`), or the backlog for its
   *   host is at its limit. As each error of a refused message it carries that: `error.ref`, `error.method`,
   *   `error.args`.
   * @throws {NotCloneableError} When the message cannot be copied.
   * @throws {SystemStoppedError} After the system's stop. For a method that the actor does not have, it is a dead
   *   letter: the actor alone knows all its methods.
   */
  readonly tell: Tell<A>

  /**
   * Sends a message and waits for what the method returns: `await ref.ask.add(2)`, or with options `await ref.ask({
   * timeoutMs: 50, signal }).add(2)`.
   *
   * It rejects with what the handler threw (name, message, code, cause and stack as they were there), or with
   * AskTimeoutError, ActorDownError, ActorStoppedError, UnknownMethodError, MailboxFullError, or the signal's reason;
   * where the actor's definition has `cancel`, AskAbortedError in place of that.
   */
  readonly ask: Asker<A>

  /**
   * Reads what a generator method yields: `for await (const n of ref.stream.upTo(10))`. The reader's pace is the
   * actor's: the generator is at most 64 items ahead of it, and up to 1,024 when the reader has to wait for them and
   * all of them together are small (64 KiB), which bounds the memory of a fast producer and a slow reader. Its error,
   * or the actor's end, is thrown here.
   *
   * Leaving the loop (`break`, `return()`, a throw, the end of the reader's thread or node) ends the generator, also
   * while it waits: its `context.signal` aborts at once, its `finally` runs once, as soon as it can, and what it yields
   * later is dropped. `ref.stream({ signal }).upTo(10)` leaves it when a signal aborts, and throws its reason. It may
   * be left before the first item, and twice. A generator that waits does not hold its actor, which handles other
   * messages meanwhile; it is asked for its next item when the actor handles nothing else. One that goes on for a
   * second after its reader has left is logged.
   */
  readonly stream: Streamer<A>

  /**
   * Resolves when fewer messages wait for the actor, or for its host when that is another, than the mark above which
   * `tell` returns false.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  ready(options?: WaitOptions): Promise<void>

  toString(): string
}
