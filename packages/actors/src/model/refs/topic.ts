import { expectName } from '@zera/core/internal'
import type { ActorOf, MethodName, WaitOptions } from '../protocol.js'
import type { ActorRef } from './ref.js'

declare const DATA: unique symbol

/** A subject on which actors of all hosts publish, and what is published on it. Made by `defineTopic`. */
export interface Topic<T> {
  readonly name: string
  /** What its publications carry; it exists for the compiler alone. */
  readonly [DATA]?: T
}

/**
 * Names a topic and the type of its data. The name alone counts: any number of modules, on any thread, may define it.
 *
 * @example
 *   ;```ts
 *   export const prices = defineTopic<{ cents: number }>('prices')
 *
 *   await context.topic(prices).subscribe(quotes, 'onPrice', 'NYSE.')
 *   context.topic(prices).publish('NYSE.IBM', { cents: 14_250 })
 *   ```
 *
 * @throws {TypeError} When the name is empty. @throws {RangeError} When it is longer than 255 characters, or has
 *   control characters.
 */
export function defineTopic<T>(name: string): Topic<T> {
  expectName('define a topic', 'its name', name)
  return { name }
}

/** The names of an actor's methods that can hear a topic: they take its data, and the key if they want it. */
export type HearingMethod<A, T> = HearingMethodOf<ActorOf<A>, T>
type HearingMethodOf<A, T> = {
  [K in MethodName<A> & keyof A]: A[K] extends (data: T, key: string) => unknown ? K : never
}[MethodName<A> & keyof A] &
  string

/** A topic, as it is used on one host. Get it from `system.topic` or `context.topic`. */
export interface TopicRef<T> {
  readonly name: string

  /**
   * Sends data to each actor with a subscription whose prefix the key begins with. It goes straight to the hosts that
   * they are on, in one message a host with the three parts of ZeroMQ's pub-sub envelope: the key, which alone is
   * matched, the address of the actor that publishes, and the data.
   *
   * Each is given a copy of its own, after what this actor told it or published before, at most once. A host or a
   * mailbox that is full misses it: each actor that it was for is a dead letter. What waits when a thread goes down is
   * dead letters too, also for an actor that has its messages redelivered. With nobody to hear it, nothing happens.
   *
   * @returns False when many messages wait for one of the hosts, or one of the actors on this host. It was published
   *   all the same.
   * @throws {NotCloneableError} When the data cannot be copied.
   * @throws {SystemStoppedError} After the system's stop.
   * @throws {TypeError} When it holds a `SharedBlock`, which has one owner.
   */
  publish(key: string, data: T): boolean

  /**
   * Has a method of an actor called with the data and the key of each publication whose key begins with `prefix`; the
   * empty prefix hears all. `context.sender` is who published it.
   *
   * It resolves when every host knows: whatever is published after that, anywhere, is heard; a thread that is busy
   * keeps it waiting. The subscription lasts until the actor is stopped for good; restarts do not end it, and to
   * subscribe in `onStart` again changes nothing.
   *
   * One that is given up, by its signal or its `timeoutMs`, may have happened, or happen later: subscribe again, or
   * unsubscribe.
   *
   * @throws {ActorStoppedError} When the actor is not running. What is published for a method that it does not have is
   *   a dead letter.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  subscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix?: string,
    options?: WaitOptions,
  ): Promise<void>

  /**
   * Ends a subscription. One that there is not is fine. It resolves when every host knows; what was published before
   * may still arrive. One that is given up may have happened, or happen later.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  unsubscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix?: string,
    options?: WaitOptions,
  ): Promise<void>
}
