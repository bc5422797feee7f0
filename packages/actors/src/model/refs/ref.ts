import type { Address } from '../address.js'
import type { CancelSpec } from '../cancel-spec.js'
import type { Asker, Streamer, Tell, WaitOptions } from '../protocol.js'

/** The parts of a ref, which travel in messages. */
export interface RefData extends Address {
  readonly name: string
  /** Whether it is a worker of a pool: then no lookup finds it by its name. */
  readonly isWorker?: true
  /** The module and the class of the actor. */
  readonly url: string
  readonly definition: string
  /** What its definition says about handlers whose asker has given up, if anything. */
  readonly cancel?: CancelSpec | undefined
  /** Whether its mailbox is durable, so that what is told to it is kept first. */
  readonly keepsMail?: true | undefined
}

/**
 * The address for an actor's messages. You can send it to other threads in messages, and it stays valid when the actor
 * restarts.
 *
 * It is a ref of one system. Other systems of the process, and other copies of this package, number their actors alike,
 * so their methods and their messages to other threads refuse it with a TypeError. Its own `tell`, `ask` and `stream`
 * work everywhere in its thread.
 *
 * Messages from one sender to one actor arrive in order, at most once. The actor handles each one, or it becomes a dead
 * letter with a reason.
 */
export interface ActorRef<A extends object> {
  /**
   * The name that it was started with; empty without one. A worker has that of its pool and its index, `hashers/2`, by
   * which `lookup` does not find it.
   */
  readonly name: string

  readonly address: Address

  /**
   * Identifies the actor or the pool in its system. The text is the same in all threads, whatever the incarnation and
   * however the ref arrived. It is never reused, even when the actor has ended. Use it as a key in a Map or a Set, or
   * in a log.
   */
  readonly id: string

  /**
   * Whether another ref points to the same actor or pool of the same system. Two refs to one actor are different
   * objects when they arrived in different messages, so compare them with this, not with `===`.
   */
  equals(other: ActorRef<object>): boolean

  /**
   * Sends a message and goes on: `ref.tell.add(1)`. For an actor on another thread the message is copied right away. On
   * the same thread it is passed by reference, so do not touch its objects again.
   *
   * @returns False when many messages wait for the actor, or for its host when that is another: this one is accepted,
   *   but await `ready()` before the next.
   * @throws {MailboxFullError} When its mailbox is full and refuses senders (see `Overflow`), or the backlog for its
   *   host is at its limit. Like every error about a refused message it carries the message: `error.ref`,
   *   `error.method`, `error.args`.
   * @throws {NotCloneableError} When the message cannot be copied.
   * @throws {SystemStoppedError} After the system's stop. A message for a method that the actor does not have becomes a
   *   dead letter: only the actor knows all its methods.
   */
  readonly tell: Tell<A>

  /**
   * Sends a message and waits for what the method returns: `await ref.ask.add(2)`, or with options `await ref.ask({
   * timeoutMs: 50, signal }).add(2)`.
   *
   * It rejects with what the handler threw (name, message, code, cause and stack as they were there), or with
   * AskTimeoutError, ActorDownError, ActorStoppedError, UnknownMethodError, MailboxFullError, or the signal's reason;
   * if the actor's definition has `cancel`, with AskAbortedError instead of that reason.
   */
  readonly ask: Asker<A>

  /**
   * Reads what a generator method yields: `for await (const n of ref.stream.upTo(10))`. The reader sets the pace. The
   * generator is at most 64 items ahead, or up to 1,024 when the reader has to wait for items and all of them together
   * are small (64 KiB). This bounds the memory between a fast producer and a slow reader. The loop throws the
   * generator's error, or an error when the actor ends.
   *
   * Leaving the loop (`break`, `return()`, a throw, the end of the reader's thread or node) ends the generator, also
   * while it waits: its `context.signal` aborts at once, its `finally` runs once, as soon as it can, and what it yields
   * later is dropped. `ref.stream({ signal }).upTo(10)` leaves it when a signal aborts, and throws its reason. You may
   * leave it before the first item, and more than once. A generator that waits does not block its actor, which handles
   * other messages meanwhile. The actor asks it for its next item when it handles nothing else. A generator that goes
   * on for a second after its reader has left is logged.
   */
  readonly stream: Streamer<A>

  /**
   * Resolves when the number of messages waiting for the actor, or for its host if it is another one, is below the mark
   * above which `tell` returns false.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  ready(options?: WaitOptions): Promise<void>

  toString(): string
}
