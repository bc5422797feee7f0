import type { Tell, WaitOptions } from '../protocol.js'
import type { ActorRef } from './ref.js'

/**
 * Actors that share one name, as one host knows them. Get it from `system.group` or `context.group`. A group exists as
 * long as it has members.
 *
 * A member that stops for good leaves automatically; one that restarts stays.
 */
export interface GroupRef<A extends object> {
  readonly name: string

  /** The members that this host knows of, in the order in which they joined. */
  readonly members: ActorRef<A>[]

  /**
   * Adds an actor, and resolves when every host knows. An actor that is in the group already keeps its place. A busy
   * host delays the join.
   *
   * A join that you give up, by its signal or its `timeoutMs`, may have happened already, or may happen later: join
   * again, or leave.
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {ActorStoppedError} When it is not running.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  join(actor: ActorRef<A>, options?: WaitOptions): Promise<void>

  /**
   * Removes an actor, and resolves when every host knows. If the actor is not in the group, nothing changes. A removal
   * that you give up may have happened already, or may happen later.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  leave(actor: ActorRef<object>, options?: WaitOptions): Promise<void>

  /**
   * Tells all members: `group.tell.reload()`. Each member gets its own copy directly, in order with your other messages
   * to it.
   *
   * @returns False when one of them returned false.
   * @throws {SystemStoppedError} After the system's stop.
   * @throws The error of the first member that `tell` fails for, after it was called for all others.
   * @see ActorRef.tell
   */
  readonly tell: Tell<A>
}
