import type { StartService, WorkerSettings } from '@zera/core/internal'
import type { ActorDefinition } from '../actor-definition.js'
import type { Props } from '../protocol.js'
import type { Backoff } from './backoff.js'
import type { SupervisorOptions } from './supervisor-spec.js'

/** Where an actor lives. */
export type Placement =
  /** On a thread that it shares with others, chosen by the system. */
  | 'shared'
  /** On a thread of its own, which ends with it. */
  | 'own-thread'
  /**
   * On a thread of its own with settings of its own: what is left out is as in `startSystem`. No spare thread is taken
   * for it.
   */
  | { readonly ownThread: WorkerSettings }
  /**
   * In a child process of its own, which ends with it: for what may take its process down, such as native code that
   * crashes, or one allocation beyond the limit of the heap. The system and everybody else go on, and it is restarted
   * in another process, in no time with `spareProcesses`. As between all processes, what it is sent is copied, large
   * binaries too, and a `SharedBlock` is refused with a BlockLocalError. Of a process that ends nobody knows which of
   * the messages that it had been sent were begun, so all of them count as begun.
   */
  | 'own-process'
  /** On the main thread. */
  | 'main'
  /** On a thread of a node, in another process: the one with the fewest actors. The system has to have `nodes`. */
  | 'any-node'
  /** On a thread of this node. */
  | { readonly node: string }

/** Whether a child that has ended is started again. */
export type Restart =
  /** Always, also when it ended of its own accord. */
  | 'permanent'
  /** When it failed. */
  | 'transient'
  /** Never, also not with its siblings. */
  | 'temporary'

/**
 * What a supervisor knows of a child: plain data. What is left out is as in `DEFAULT_CHILD_SPEC`. The words are those
 * of OTP.
 */
export interface ChildSpec {
  /** Unique among its siblings. Default: the actor's `name`, else what it is and a number, as in `service-2`. */
  readonly id?: string | undefined
  /** What runs: an actor, a service, or a supervisor with children of its own. */
  readonly start: ActorDefinition<object> | StartService | SupervisorSpec
  readonly restart?: Restart | undefined
  /**
   * Milliseconds that the child has to finish what it has when it is stopped, its `onStop` included, for which the last
   * fifth is kept, 500 at most. Then nobody waits for it; 0 hurries it at once, Infinity waits. `'kill'` does not even
   * run its `onStop`, and kills the thread or the process that the actor has to itself. No longer than the limit for
   * the stop of the whole system.
   */
  readonly shutdownMs?: number | 'kill' | undefined
  /**
   * Whether its own end counts for the `autoShutdown` of its supervisor, which has to have one. Not for what is
   * `permanent`.
   */
  readonly significant?: boolean | undefined
  /** The name of an actor, unique in the system while it lives. */
  readonly name?: string | undefined
  /**
   * What an actor's `onStart` is given, at each start, copied as messages are. It is kept for restarts: do not change
   * it afterwards.
   */
  readonly props?: unknown
  /** Where an actor lives. */
  readonly placement?: Placement | undefined
  /**
   * How many MiB of JavaScript values the thread of an `own-thread` or `own-process` actor may keep, from 2 on; some 10
   * are in use when it starts. Undefined: three quarters of Node's own limit. See `maxHeapMb` of core's
   * `ThreadOptions`.
   */
  readonly maxHeapMb?: number | undefined
  /**
   * Limit in MiB of the resident memory of an `own-process` actor, of whatever kind: heap, buffers, native libraries; a
   * process without an actor has about 80. It is looked at every 50 ms. A process that has more is ended with the
   * reason `memory-limit` and a MemoryLimitError, and the actor restarted by its spec. Undefined: none.
   */
  readonly maxRssMb?: number | undefined
}

/**
 * The defaults of a child, all in one place: OTP's, but for the placement, which is Zera's. A supervisor waits for its
 * children: its `shutdownMs` is Infinity.
 */
export const DEFAULT_CHILD_SPEC = {
  restart: 'permanent',
  shutdownMs: 5000,
  significant: false,
  placement: 'shared',
} as const

/** What a child of a kind is specified by, beside what it runs. */
type Common = Pick<ChildSpec, 'id' | 'restart' | 'shutdownMs' | 'significant'>
export type ActorChild<A extends object> = Common &
  Pick<ChildSpec, 'name' | 'placement' | 'maxHeapMb' | 'maxRssMb'> & { readonly props?: Props<A> }

/**
 * Specifies a child of a supervisor, with the types of an actor's props checked. It is what you could write yourself:
 * `{ start, ...options }`.
 *
 * @example
 *   ;```ts
 *   await system.supervise([
 *     child(Ledger, { props: { currency: 'EUR' } }),
 *     child(startServer, { restart: 'transient' }),
 *   ])
 *   ```
 */
export function child<A extends object>(start: ActorDefinition<A>, options?: ActorChild<A>): ChildSpec
export function child(start: StartService | SupervisorSpec, options?: Common): ChildSpec
export function child(start: ChildSpec['start'], options: Omit<ChildSpec, 'start'> = {}): ChildSpec {
  return { ...options, start }
}

/** How one actor is started by `spawn`. */
export interface SpawnOptions<A extends object> extends Pick<
  ChildSpec,
  'name' | 'placement' | 'shutdownMs' | 'maxHeapMb' | 'maxRssMb'
> {
  /** Default `transient`: it is restarted when it fails, and gone when it stops. */
  readonly restart?: Restart | undefined
  /**
   * What its `onStart` is given, at each start, copied as messages are. It is kept for restarts: do not change it
   * afterwards.
   */
  readonly props?: Props<A>
  /**
   * How often it may be restarted within `periodMs` before it is given up. Default 1. A supervisor of one's own has a
   * limit for all its children in its place.
   */
  readonly maxRestarts?: number | undefined
  /** Milliseconds. Default 5,000; Infinity counts all restarts there ever were. */
  readonly periodMs?: number | undefined
  /**
   * How long it waits before a restart. Default: the first is immediate; when it fails again before it has run for half
   * a second, it waits up to 10 ms, then twice as long each time, up to 5 s. With a limit of restarts such waits are so
   * short that the limit is reached all the same, and do not count in `periodMs`. After the death of its thread by
   * default it waits for the next thread alone, which is started at that pace. `{ firstMs: 0, factor: 1, maxMs: 0 }`
   * never waits.
   */
  readonly backoff?: Backoff | undefined
}

/** How an actor is started of which nothing is known here. */
export type AnySpawnOptions = Omit<SpawnOptions<object>, 'props'> & { readonly props?: unknown }

/** How far a child is. */
export type ChildState =
  | 'starting'
  | 'running'
  /** It has failed or was halted, and will be started again, if its supervisor does not give up. */
  | 'down'
  | 'stopping'
  /** Its spec is kept, and nothing runs. */
  | 'stopped'

/** A supervisor that is somebody's child: its children are started left to right and stopped right to left. */
export interface SupervisorSpec extends SupervisorOptions {
  readonly children: readonly ChildSpec[]
}

/** The spawn of an actor, in words. */
export function spawnOf(
  definition: Pick<ActorDefinition<object>, 'name'>,
  { name }: { readonly name?: string | undefined },
): string {
  return `spawn actor ${name === undefined || name === '' ? definition.name : `/${name}`}`
}
