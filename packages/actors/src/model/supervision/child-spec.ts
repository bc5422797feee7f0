import {
  FLAG,
  NUMBER,
  SIGNAL,
  expectOptions,
  optionNames,
  type OptionKind,
  type StartService,
  type WaitOptions,
  type WorkerSettings,
} from '@zera/core/internal'
import type { ActorDefinition } from '../actor-definition.js'
import { formatActor } from '../address.js'
import type { Props } from '../protocol.js'
import type { Backoff } from './backoff.js'
import type { SupervisorOptions } from './supervisor-spec.js'

/** Where an actor lives. */
export type Placement =
  /** On a thread that it shares with other actors; the system chooses it. */
  | 'shared'
  /** On a thread of its own, which ends with it. */
  | 'own-thread'
  /**
   * On a thread of its own with its own settings; those left out are as in `startSystem`. The system takes no spare
   * thread for it.
   */
  | { readonly ownThread: WorkerSettings }
  /**
   * In a child process of its own, which ends with it. Use it for code that may take its process down, such as native
   * code that crashes, or a single allocation beyond the heap limit. The system and all other actors go on, and the
   * actor restarts in another process, almost at once with `spareProcesses`. As between all processes, messages to it
   * are copied, large binaries too, and a `SharedBlock` is refused with a BlockLocalError. When the process ends, the
   * system cannot know which of its messages had begun, so all of them count as begun.
   */
  | 'own-process'
  /** On the main thread. */
  | 'main'
  /** On a thread of a node, in another process: the thread with the fewest actors. The system needs `nodes`. */
  | 'any-node'
  /** On a thread of this node. */
  | { readonly node: string }

/** When a supervisor restarts a child that has ended. */
export type Restart =
  /** Always, also when it ended by itself. */
  | 'permanent'
  /** When it failed. */
  | 'transient'
  /** Never, also not with its siblings. */
  | 'temporary'

/** What a supervisor knows about a child: plain data. Defaults are in `DEFAULT_CHILD_SPEC`. The terms are OTP's. */
export interface ChildSpec {
  /**
   * Unique among its siblings: not empty, and without a slash, which separates ids in a path. Default: the actor's
   * `name`, else its kind and a number, as in `service-2`.
   */
  readonly id?: string | undefined
  /** What runs: an actor, a service, or a supervisor with children of its own. */
  readonly start: ActorDefinition<object> | StartService | SupervisorSpec
  readonly restart?: Restart | undefined
  /**
   * Milliseconds that the child has to finish its work when it is stopped. This includes its `onStop`, for which the
   * last fifth is reserved, 500 ms at most. After that its supervisor stops waiting for it. 0 hurries the child at
   * once, Infinity waits. `'kill'` does not even run `onStop`, and kills the thread or process that the actor has to
   * itself. The limit for the stop of the whole system caps it.
   */
  readonly shutdownMs?: number | 'kill' | undefined
  /**
   * Whether its end counts for the `autoShutdown` of its supervisor, which must have one. Not allowed for a `permanent`
   * child.
   */
  readonly significant?: boolean | undefined
  /** The name of an actor, unique in the system while it lives: not empty, and without a slash. */
  readonly name?: string | undefined
  /**
   * The argument of the actor's `onStart` at each start, copied as messages are. The system keeps it for restarts: do
   * not change it afterwards.
   */
  readonly props?: unknown
  /** Where an actor lives. */
  readonly placement?: Placement | undefined
  /**
   * How many MiB of JavaScript values the thread of an `own-thread` or `own-process` actor may keep, from 2 on; about
   * 10 are in use when it starts. Undefined: three quarters of Node's own limit. See `maxHeapMb` of core's
   * `ThreadOptions`.
   */
  readonly maxHeapMb?: number | undefined
  /**
   * Limit in MiB of the resident memory of an `own-process` actor, of whatever kind: heap, buffers, native libraries; a
   * process without an actor has about 80. It is checked every 50 ms. A process that exceeds it ends with the reason
   * `memory-limit` and a MemoryLimitError, and the actor restarts according to its spec. Undefined: no limit.
   */
  readonly maxRssMb?: number | undefined
}

/**
 * The defaults of a child: those of OTP, except for the placement, which is Zera's. A supervisor waits for its
 * children: its `shutdownMs` is Infinity.
 */
export const DEFAULT_CHILD_SPEC = {
  restart: 'permanent',
  shutdownMs: 5000,
  significant: false,
  placement: 'shared',
} as const

/** The names of its options, besides what it runs. */
export const CHILD_OPTION_NAMES: Readonly<Record<Exclude<keyof ChildSpec, 'start'>, OptionKind | true>> = {
  id: true,
  restart: true,
  shutdownMs: true,
  significant: FLAG,
  name: true,
  props: true,
  placement: true,
  maxHeapMb: true,
  maxRssMb: true,
}
const CHILD_OPTIONS = optionNames<Omit<ChildSpec, 'start'>>({
  ...CHILD_OPTION_NAMES,
  maxHeapMb: NUMBER,
  maxRssMb: NUMBER,
})

/** What specifies a child of some kind, besides what it runs. */
type Common = Pick<ChildSpec, 'id' | 'restart' | 'shutdownMs' | 'significant'>
export type ActorChild<A extends object> = Common &
  Pick<ChildSpec, 'name' | 'placement' | 'maxHeapMb' | 'maxRssMb'> & { readonly props?: Props<A> | undefined }

/**
 * Specifies a child of a supervisor and checks the types of an actor's props. You could also write it yourself: `{
 * start, ...options }`.
 *
 * @example
 *   await system.supervise([
 *     child(Ledger, { props: { currency: 'EUR' } }),
 *     child(startServer, { restart: 'transient' }),
 *   ])
 */
export function child(start: StartService | SupervisorSpec, options?: Common): ChildSpec
export function child<A extends object>(
  start: ActorDefinition<A>,
  ...options: StartOptions<A, ActorChild<A>>
): ChildSpec
export function child(start: ChildSpec['start'], options: Omit<ChildSpec, 'start'> = {}): ChildSpec {
  expectOptions('specify a child', options, CHILD_OPTIONS)
  return { ...options, start }
}

/**
 * The last argument of what starts an actor. You may leave it out unless the actor's `onStart` needs props. A generic
 * function, which does not know that, passes `props`.
 */
export type StartOptions<A extends object, Options> =
  | [options: Options & { readonly props: Props<A> }]
  | (undefined extends Props<A> ? [options?: Options] : never)

/** How `spawn` starts one actor. */
export interface SpawnOptions<A extends object> extends Pick<
  ChildSpec,
  'name' | 'placement' | 'shutdownMs' | 'maxHeapMb' | 'maxRssMb'
> {
  /** Default `transient`: it restarts when it fails, and is gone when it stops. */
  readonly restart?: Restart | undefined
  /**
   * The argument of its `onStart` at each start, copied as messages are. The system keeps it for restarts: do not
   * change it afterwards.
   */
  readonly props?: Props<A> | undefined
  /**
   * How often it may restart within `periodMs` before the system gives it up. Default 1. A supervisor that you start
   * yourself has one limit for all its children instead.
   */
  readonly maxRestarts?: number | undefined
  /** Milliseconds. Default 5,000; Infinity counts all restarts ever. */
  readonly periodMs?: number | undefined
  /**
   * How long it waits before a restart. Default: the first is immediate; when it fails again before it has run for half
   * a second, it waits up to 10 ms, then twice as long each time, up to 5 s. With a restart limit, these waits are
   * short enough that the limit is still reached, and they do not count in `periodMs`. After its thread's death, by
   * default it only waits for the next thread, which starts at that pace. `{ firstMs: 0, factor: 1, maxMs: 0 }` never
   * waits.
   */
  readonly backoff?: Backoff | undefined
}

/** The names of its options, for what has more. */
export const SPAWN_OPTION_NAMES = {
  name: true,
  placement: true,
  shutdownMs: true,
  maxHeapMb: true,
  maxRssMb: true,
  restart: true,
  props: true,
  maxRestarts: true,
  periodMs: NUMBER,
  backoff: true,
} as const

const SPAWN_OPTIONS = optionNames<SpawnOptions<object> & WaitOptions>({
  ...SPAWN_OPTION_NAMES,
  signal: SIGNAL,
  timeoutMs: NUMBER,
})

/**
 * Checks the names of the options of a spawn.
 *
 * @throws {TypeError} When they are none, or one is unknown.
 */
export function expectSpawnOptions(definition: Pick<ActorDefinition<object>, 'name'>, options: object): void {
  expectOptions(() => spawnOf(definition, {}), options, SPAWN_OPTIONS)
}

/** How to start an actor of unknown type. */
export type AnySpawnOptions = Omit<SpawnOptions<object>, 'props'> & { readonly props?: unknown }

/** The state of a child. */
export type ChildState =
  | 'starting'
  | 'running'
  /** It has failed or was halted, and will restart unless its supervisor gives up. */
  | 'down'
  | 'stopping'
  /** Its spec is kept, and nothing runs. */
  | 'stopped'

/** A supervisor that is a child itself: its children start left to right and stop right to left. */
export interface SupervisorSpec extends SupervisorOptions {
  readonly children: readonly ChildSpec[]
}

/** The spawn of an actor, in words. */
export function spawnOf(
  definition: Pick<ActorDefinition<object>, 'name'>,
  { name }: { readonly name?: string | undefined },
): string {
  return `spawn actor ${formatActor({ name, definition: definition.name })}`
}
