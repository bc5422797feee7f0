import type { Tell, WaitOptions } from '../protocol.js'
import type { ActorRef } from './ref.js'

/**
 * Actors that go by one name together, as they are known on one host. Get it from `system.group` or `context.group`; a
 * group exists as long as it has members.
 *
 * A member that is stopped for good leaves by itself; one that is restarted stays.
 */
export interface GroupRef<A extends object> {
  readonly name: string

  /** Those that this host knows of, in the order in which they joined. */
  readonly members: ActorRef<A>[]

  /**
   * Adds an actor, and resolves when every host knows. One that is in the group already stays where it is. A host that
   * is busy keeps it waiting.
   *
   * A join that is given up, by its signal or its `timeoutMs`, may have happened, or happen later: join again, or
   * leave.
   *
   * @throws {ActorStoppedError} When it is not running.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  join(actor: ActorRef<A>, options?: WaitOptions): Promise<void>

  /**
   * Takes an actor out, and resolves when every host knows. One that is not in the group is fine. One that is given up
   * may have happened, or happen later.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  leave(actor: ActorRef<object>, options?: WaitOptions): Promise<void>

  /**
   * Tells all members: `group.tell.reload()`. Each message goes straight to its member, a copy of its own, in order
   * with what is told to it otherwise.
   *
   * @returns False when one of them returned false.
   * @throws {SystemStoppedError} After the system's stop.
   * @throws What the first of them threw that cannot be told,
   * when all others were told.
   * @see ActorRef.tell
   */
  readonly tell: Tell<A>
}
