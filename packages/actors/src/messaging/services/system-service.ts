import type { Address } from '../../model/address.js'
import type { CancelOrder, CancelOutcome } from '../../model/cancel-spec.js'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import type { Stall } from '../../model/events/stall.js'
import type { ComputeOptions } from '../../model/jobs/compute-options.js'
import type { JobKey, JobSource } from '../../model/jobs/job.js'
import type { RefData } from '../../model/refs/ref.js'
import type { AnySpawnOptions } from '../../model/supervision/child-spec.js'
import type { ChildrenSpec } from '../../model/supervision/children-spec.js'
import type { Obituary } from '../../model/supervision/obituary.js'

/** What the main thread does for all hosts. */
export interface SystemService {
  /** Starts a child of an actor. */
  spawn(order: SpawnOrder): Promise<RefData>
  /** An actor no longer waits for one that it spawns, by the number of the order. */
  giveUpSpawn(by: number, number: number): void
  /** An actor has started after the one that spawned it had stopped waiting. */
  stopSpawned(id: number): void
  /** An actor wants to stop one that it has started. */
  stopChild(by: number, target: Address): Promise<void>
  /** An instance of an actor ends, and its children before its `onStop`. */
  endChildren(of: Parent, reason: string, limitMs: number): Promise<void>
  /** Finds an actor by its name. */
  lookup(name: string): RefData | undefined
  /** The failure that ended an actor or a pool; undefined when it did not fail. */
  obituaryOf(target: Address): Obituary | undefined
  /** The handler that keeps the thread of a host busy; undefined when none does, or it has gone. */
  stallOn(host: number): Stall | undefined
  /** Changes the members of a group or the subscribers of a topic, and answers when every host knows. */
  enrol(enrolment: Enrolment): Promise<void>
  /** Makes sure that the handler of an abandoned ask ends, and answers how it ended. */
  cancel(order: CancelOrder): Promise<CancelOutcome>
  /** An actor watches another. */
  watch(order: WatchOrder): void
  unwatch(watcher: number, number: number): void
  /** An actor asks to be stopped. */
  stop(id: number, isStarting: boolean): void
  /** An actor has failed and waits for its supervisor's decision. */
  failed(id: number, error: Error, method: string): void
  /** A message will not be handled. */
  deadLetter(letter: DeadLetter): void
  /** This many messages were lost on a host, which holds them as long as it lives. */
  lost(host: number, messages: number): void
  /**
   * Everything on a link to a host that went down is settled.
   *
   * @param lost How many messages that host had accepted and never sent; the account of the link still has them.
   */
  settled(host: number, link: number, lost: number): void
}

/** Takes the jobs of all hosts, in the main thread. */
export interface JobService {
  /** Runs a job, and answers what it returns. */
  run(
    key: JobKey,
    source: JobSource,
    args: readonly unknown[],
    options: Omit<ComputeOptions, 'signal'>,
  ): Promise<unknown>
  /** Gives up a job; does nothing if it is over. */
  abort(key: JobKey): void
}

/** One instance of an actor, which may have children. */
export interface Parent {
  readonly id: number
  /** Unique among the instances of all actors. */
  readonly instance: number
}

/** An actor on some host wants a child. */
export interface SpawnOrder {
  readonly by: Parent
  /** How it supervises its children. */
  readonly children: ChildrenSpec | undefined
  /** Its number among the parent's orders; undefined when the parent cannot give it up. */
  readonly number: number | undefined
  /** The module of the child's definition, and the name of the definition there. */
  readonly url: string
  readonly definition: string
  readonly options: AnySpawnOptions
}

/** What an actor says about itself when it joins, leaves or subscribes. */
export type Enrolment = Exclude<RosterChange, { readonly change: 'gone' | 'moved' }>

/** A watch that an actor on some host wants. */
export interface WatchOrder {
  readonly host: number
  readonly watcher: number
  /** Its number among those of the watcher. */
  readonly number: number
  readonly target: Address
}

/** One change of a group's members or a topic's subscribers. Plain data: the main thread tells every host. */
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

/** An actor that subscribes to a topic. */
export interface Subscription {
  readonly subscriber: RefData
  /** The method that gets the data and the key. */
  readonly method: string
  /** The prefix that a key must have. */
  readonly prefix: string
}
