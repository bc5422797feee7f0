import type { Address } from '../../model/address.js'
import type { CancelOrder, CancelOutcome } from '../../model/cancel-ladder.js'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import type { ComputeOptions } from '../../model/jobs/compute-options.js'
import type { JobKey, JobSource } from '../../model/jobs/job.js'
import type { RefData } from '../../model/refs/ref.js'
import type { AnySpawnOptions } from '../../model/supervision/child-spec.js'
import type { ChildrenSpec } from '../../model/supervision/children-spec.js'

/** What the main thread does for all hosts. */
export interface SystemService {
  /**
   * Starts a child of an actor. The host knows its definition by module and name.
   *
   * @param children How its parent supervises.
   * @param order Its number among those of its parent, when it may be given up.
   */
  spawn(
    url: string,
    definition: string,
    options: AnySpawnOptions,
    by: Parent,
    children: ChildrenSpec | undefined,
    order: number | undefined,
  ): Promise<RefData>
  /** An actor does not wait any more for one that it spawns. */
  giveUpSpawn(by: number, order: number): void
  /** An actor has come up when the one that spawned it did not wait any more. */
  stopSpawned(id: number): void
  /** An actor wants one that it has started to be stopped. */
  stopChild(by: number, target: Address): Promise<void>
  /** An instance of an actor ends, and its children before its `onStop`. */
  endChildren(of: Parent, reason: string, limitMs: number): Promise<void>
  /** Finds the actor that has a name. */
  lookup(name: string): RefData | undefined
  /** Why an actor, or a pool, is gone that failed; undefined when it did not. */
  causeOf(target: Address): Error | undefined
  /** Changes who is in a group or hears a topic, and answers when every host knows. */
  enrol(enrolment: Enrolment): Promise<void>
  /** Sees to it that the handler of an ask that was given up comes to an end, and answers how it did. */
  cancel(order: CancelOrder): Promise<CancelOutcome>
  /** An actor wants to know of another's end. */
  watch(order: WatchOrder): void
  unwatch(watcher: number, number: number): void
  /** An actor asks to be stopped. */
  stop(id: number, isStarting: boolean): void
  /** An actor has failed and waits for its supervisor's word. */
  failed(id: number, error: Error, method: string): void
  /** A message will not be handled. */
  deadLetter(letter: DeadLetter): void
  /** So many messages were lost on a host, which holds them as long as it lives. */
  lost(host: number, messages: number): void
  /**
   * All is settled that was on a link to a host that went down.
   *
   * @param lost How many messages that had accepted and never sent; the account of the link still has them.
   */
  settled(host: number, link: number, lost: number): void
}

/** What takes the jobs of all hosts, in the main thread. */
export interface JobService {
  /** Runs a job, and answers what it returns. */
  run(
    key: JobKey,
    source: JobSource,
    args: readonly unknown[],
    options: Omit<ComputeOptions, 'signal'>,
  ): Promise<unknown>
  /** Gives a job up; one that is over is over. */
  abort(key: JobKey): void
}

/** One instance of an actor, which may have children. */
export interface Parent {
  readonly id: number
  /** No other instance, of whatever actor, has this number. */
  readonly instance: number
}

/** What one actor says of itself when it joins, leaves, subscribes. */
export type Enrolment = Exclude<RosterChange, { readonly change: 'gone' | 'moved' }>

/** A watch that an actor on some host wants. */
export interface WatchOrder {
  readonly host: number
  readonly watcher: number
  /** Its number among those of the watcher. */
  readonly number: number
  readonly target: Address
}

/** One change of who is in which group and who hears which topic. Plain data: the main thread tells every host. */
export type RosterChange =
  | { readonly change: 'join'; readonly group: string; readonly member: RefData }
  | { readonly change: 'leave'; readonly group: string; readonly id: number }
  | ({ readonly change: 'subscribe'; readonly topic: string } & Subscription)
  | ({ readonly change: 'unsubscribe'; readonly topic: string; readonly id: number } & Pick<
      Subscription,
      'method' | 'prefix'
    >)
  /** The actor has stopped for good. */
  | { readonly change: 'gone'; readonly id: number }
  /** The actor runs at another address from now on. */
  | { readonly change: 'moved'; readonly actor: RefData }

/** An actor that hears a topic. */
export interface Subscription {
  readonly subscriber: RefData
  /** The method that is given the data and the key. */
  readonly method: string
  /** What a key must begin with. */
  readonly prefix: string
}
