import type { ActorDefinition } from '../../model/actor-definition.js'
import type { Address } from '../../model/address.js'
import type { WaitOptions } from '../../model/protocol.js'
import type { ActorRef } from '../../model/refs/ref.js'
import {
  type ChildState,
  type ChildSpec,
  type SpawnOptions,
  type StartOptions,
} from '../../model/supervision/child-spec.js'
import type { SupervisorOptions } from '../../model/supervision/supervisor-spec.js'

/** The options of `supervise`. */
export interface SuperviseOptions extends SupervisorOptions, Pick<ChildSpec, 'id' | 'shutdownMs' | 'significant'> {
  /** Default `transient`: its own supervisor restarts it when it gives up; it is gone when it has nothing more to do. */
  readonly restart?: ChildSpec['restart'] | undefined
}

/** A child of a supervisor, as it is now. */
export interface ChildStatus {
  readonly id: string
  readonly kind: 'actor' | 'service' | 'supervisor'
  readonly state: ChildState
  /** How often it was restarted, including failed attempts. */
  readonly restarts: number
  /** The actor's address, when it is one. */
  readonly address: Address | undefined
}

/**
 * A supervisor, with the children that it was started with and those that were added later. Use it in the main thread.
 * It stays valid when the supervisor is restarted.
 *
 * @see System.supervise
 */
export interface Supervisor {
  /** The ids of its supervisors, followed by its own: `/shop/payments`. Empty for the system's own supervisor. */
  readonly path: string

  /** Its children, in the order in which they were started. */
  readonly children: ChildStatus[]

  /**
   * Starts an actor as a further child, and returns when its `onStart` is done. The supervisor forgets it when it ends.
   *
   * @throws As `System.spawn`; and {ActorStartError} when the supervisor does not run.
   */
  spawn<A extends object>(
    definition: ActorDefinition<A>,
    ...options: StartOptions<A, SpawnOptions<A> & WaitOptions>
  ): Promise<ActorRef<A>>

  /**
   * Starts a supervisor as a further child, and returns when all its children have started, left to right. It handles
   * children that end meanwhile after all have started, before this returns. This supervisor forgets the new one when
   * it ends.
   *
   * @throws {ChildStartError} When a child does not start, or more have ended than may be restarted (`cause` is a
   *   RestartLimitError then): `cause` says why. Those that run are stopped, right to left.
   * @throws {ChildIdTakenError}
   * @throws {RangeError} When a number of a spec is out of its range.
   * @throws {TypeError} When a spec is none.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. What was started is stopped then.
   */
  supervise(children: readonly ChildSpec[], options?: SuperviseOptions & WaitOptions): Promise<Supervisor>

  /**
   * Starts a further child by its spec. The supervisor keeps the spec until the child is removed, or this supervisor is
   * restarted; also when the child calls `context.stop()` in its `onStart`, because it has nothing to do. During the
   * restart of a group, this call waits.
   *
   * @returns Its id.
   * @throws As `supervise`, and what the start of a service rejects with, as the cause of a ChildStartError.
   */
  add(spec: ChildSpec, options?: WaitOptions): Promise<string>

  /**
   * Stops a child and keeps its spec, so that it can be started again. A child that the supervisor forgets at its end
   * is forgotten here, too.
   *
   * When the signal or `timeoutMs` ends the wait, the stop goes on.
   *
   * @throws {NoSuchChildError}
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  stop(id: string, options?: WaitOptions): Promise<void>

  /**
   * Restarts a child that was stopped or has ended.
   *
   * @throws {NoSuchChildError}
   * @throws What its start rejects with; it stays stopped then.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. It is stopped again then.
   */
  start(id: string, options?: WaitOptions): Promise<void>

  /**
   * Stops a child and forgets it.
   *
   * When the signal or `timeoutMs` ends the wait, the removal goes on.
   *
   * @throws {NoSuchChildError}
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  remove(id: string, options?: WaitOptions): Promise<void>

  /**
   * The ref of a child that is an actor. It stays valid as long as the supervisor remembers the child.
   *
   * @throws {NoSuchChildError}
   */
  actor<A extends object>(definition: ActorDefinition<A>, id: string): ActorRef<A>

  /**
   * A child that is a supervisor.
   *
   * @throws {NoSuchChildError}
   */
  supervisor(id: string): Supervisor
}
