import { expectName } from '@zera/core/internal'
import type { ActorOf, MethodName, WaitOptions } from '../protocol.js'
import type { ActorRef } from './ref.js'

declare const DATA: unique symbol

/** A subject on which actors of all hosts publish, with the type of its data. Made by `defineTopic`. */
export interface Topic<T> {
  readonly name: string
  /** The type of its publications; it exists only for the compiler. */
  readonly [DATA]?: T
}

/**
 * Names a topic and the type of its data. Only the name counts: any number of modules, on any thread, may define the
 * same topic.
 *
 * @example
 *   export const prices = defineTopic<{ cents: number }>('prices')
 *
 *   await context.topic(prices).subscribe(quotes, 'onPrice', 'NYSE.')
 *   context.topic(prices).publish('NYSE.IBM', { cents: 14_250 })
 *
 * @throws {TypeError} When the name is empty.
 * @throws {RangeError} When it is longer than 255 characters, or has control characters.
 */
export function defineTopic<T>(name: string): Topic<T> {
  expectName('define a topic', 'its name', name)
  return { name }
}

/** The names of an actor's methods that can subscribe to a topic: they take its data, and optionally the key. */
export type HearingMethod<A, T> = HearingMethodOf<ActorOf<A>, T>
type HearingMethodOf<A, T> = {
  [K in MethodName<A> & keyof A]: A[K] extends (data: T, key: string) => unknown ? K : never
}[MethodName<A> & keyof A] &
  string

/** A topic, as one host uses it. Get it from `system.topic` or `context.topic`. */
export interface TopicRef<T> {
  readonly name: string

  /**
   * Sends data to each actor with a subscription whose prefix the key begins with. It goes straight to their hosts, in
   * one message per host. That message has the three parts of ZeroMQ's pub-sub envelope: the key, which is the only
   * part that is matched, the address of the publishing actor, and the data.
   *
   * Each subscriber gets its own copy, at most once, after everything this actor told it or published before. A full
   * host or mailbox misses it, with a dead letter for each actor that it was for. Publications that wait when a thread
   * goes down become dead letters too, even for an actor with `redeliver`. Without subscribers nothing happens.
   *
   * @returns False when many messages wait for one of the hosts, or one of the actors on this host. It was published
   *   all the same.
   * @throws {NotCloneableError} When the data cannot be copied.
   * @throws {SystemStoppedError} After the system's stop.
   * @throws {TypeError} When it holds a `SharedBlock`, which has one owner.
   */
  publish(key: string, data: T): boolean

  /**
   * Calls a method of an actor with the data and the key of each publication whose key begins with `prefix`. The empty
   * prefix matches all. `context.sender` is the publisher.
   *
   * It resolves when every host knows: the actor receives everything published after that, anywhere. A busy thread
   * delays it. The subscription lasts until the actor is stopped for good; restarts do not end it, and subscribing
   * again in `onStart` changes nothing.
   *
   * A subscription that you give up, by its signal or its `timeoutMs`, may have happened already, or may happen later:
   * subscribe again, or unsubscribe.
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {ActorStoppedError} When the actor is not running. A publication for a method that it does not have becomes
   *   a dead letter.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  subscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix?: string,
    options?: WaitOptions,
  ): Promise<void>

  /**
   * Ends a subscription; without one, nothing happens. It resolves when every host knows; earlier publications may
   * still arrive. An unsubscription that you give up may have happened already, or may happen later.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  unsubscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix?: string,
    options?: WaitOptions,
  ): Promise<void>
}
