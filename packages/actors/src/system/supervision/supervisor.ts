import type { ActorDefinition } from '../../model/actor-definition.js'
import { expectDefinition } from '../../model/definition.js'
import { NoSuchChildError } from '../../model/errors.js'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { ChildState, ChildSpec, SpawnOptions } from '../../model/supervision/child-spec.js'
import type { SupervisorOptions } from '../../model/supervision/supervisor-spec.js'
import { checkSpec, type CheckedSpec } from './checked-spec.js'
import { ActorLife } from './child/actor-life.js'
import type { Child } from './child/child.js'
import type { Supervision } from './supervision.js'
import { SupervisorLoop } from './supervisor/supervisor-loop.js'

/** How a supervisor is started by `supervise`. */
export interface SuperviseOptions extends SupervisorOptions, Pick<ChildSpec, 'id' | 'shutdownMs' | 'significant'> {
  /** Default `transient`: it is restarted when it gives up, and gone when it has nothing more to do. */
  readonly restart?: ChildSpec['restart']
}

/** A child of a supervisor, as it is now. */
export interface ChildStatus {
  readonly id: string
  readonly kind: CheckedSpec['start']['kind']
  readonly state: ChildState
  /** How often it was started again, also in vain. */
  readonly restarts: number
  /** The actor's address, when it is one. */
  readonly address: ActorRef<object>['address'] | undefined
}

/**
 * A supervisor, with the children that it was started with and those that were added later. It is used in the main
 * thread, and stays good when the supervisor is restarted.
 *
 * @see System.supervise
 */
export class Supervisor {
  readonly #supervision: Supervision
  readonly #loop: SupervisorLoop
  readonly #refHost: RefHost

  /** Supervisors come from `supervise`. */
  constructor(supervision: Supervision, loop: SupervisorLoop, refHost: RefHost) {
    this.#supervision = supervision
    this.#loop = loop
    this.#refHost = refHost
  }

  /** Its id behind those of its supervisors: `/shop/payments`. Empty for the system's own. */
  get path(): string {
    return this.#loop.path
  }

  /** Its children, in the order in which they were started. */
  get children(): ChildStatus[] {
    return Array.from(this.#loop.children, ({ id, spec, state, restarts, life }) => ({
      id,
      kind: spec.start.kind,
      state,
      restarts,
      address: life instanceof ActorLife ? life.data : undefined,
    }))
  }

  /**
   * Starts an actor as a further child, and returns when its `onStart` is done. It is forgotten when it ends.
   *
   * @throws As `System.spawn`; and {ActorStartError} when the supervisor does not run.
   */
  async spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> = {}): Promise<ActorRef<A>> {
    expectDefinition(definition)
    return new BoundRef<A>(this.#refHost, await this.#supervision.spawn(this.#loop, definition, options))
  }

  /**
   * Starts a supervisor as a further child, and returns when all its children have started, left to right. What ends
   * meanwhile is treated when all have started, and before this returns. It is forgotten when it ends.
   *
   * @throws {ChildStartError} When a child does not start, or more have ended than may be restarted (`cause` is a
   *   RestartLimitError then): `cause` says why. Those that run are stopped, right to left.
   * @throws {ChildIdTakenError}
   * @throws {RangeError}
   * @throws {TypeError} When a spec is none.
   */
  async supervise(children: readonly ChildSpec[], options: SuperviseOptions = {}): Promise<Supervisor> {
    const { id, restart = 'transient', shutdownMs, significant, ...supervisor } = options
    const spec = checkSpec(
      { id, restart, shutdownMs, significant, start: { ...supervisor, children } },
      this.#loop.spec.autoShutdown,
    )
    const child = await this.#supervision.add(this.#loop, spec, 'passing')
    return this.#handle(child.life as SupervisorLoop)
  }

  /**
   * Starts a further child by its spec, which is kept until the child is removed, or this supervisor is restarted; also
   * when the child calls `context.stop()` in its `onStart`, since it has nothing to do. While a group is restarted it
   * waits for that.
   *
   * @returns Its id.
   * @throws As `supervise`, and what the start of a service rejects with, as the cause of a
   * ChildStartError.
   */
  async add(spec: ChildSpec): Promise<string> {
    const child = await this.#supervision.add(this.#loop, checkSpec(spec, this.#loop.spec.autoShutdown), 'added')
    return child.id
  }

  /**
   * Stops a child and keeps its spec, so that it can be started again; one that is forgotten when it ends is forgotten.
   *
   * @throws {NoSuchChildError}
   */
  async stop(id: string): Promise<void> {
    await this.#loop.end(this.#loop.child(id), 'it was stopped')
  }

  /**
   * Starts a child again that was stopped or has ended.
   *
   * @throws {NoSuchChildError}
   * @throws What its start rejects with;
   * it stays stopped then.
   */
  async start(id: string): Promise<void> {
    await this.#loop.startAgain(this.#loop.child(id))
  }

  /**
   * Stops a child and forgets it.
   *
   * @throws {NoSuchChildError}
   */
  async remove(id: string): Promise<void> {
    await this.#loop.remove(this.#loop.child(id), 'it was removed')
  }

  /**
   * The ref of a child that is an actor. It stays good as long as the supervisor remembers the child.
   *
   * @throws {NoSuchChildError}
   */
  actor<A extends object>(definition: ActorDefinition<A>, id: string): ActorRef<A> {
    const { life } = this.#loop.child(id)
    if (!(life instanceof ActorLife) || life.data.definition !== definition.name || life.data.url !== definition.url) {
      throw new NoSuchChildError(this.path, id, `actor ${definition.name}`)
    }
    return new BoundRef<A>(this.#refHost, life.refData)
  }

  /**
   * A child that is a supervisor.
   *
   * @throws {NoSuchChildError}
   */
  supervisor(id: string): Supervisor {
    const { life }: Child = this.#loop.child(id)
    if (!(life instanceof SupervisorLoop)) throw new NoSuchChildError(this.path, id, 'supervisor')
    return this.#handle(life)
  }

  #handle(loop: SupervisorLoop): Supervisor {
    return new Supervisor(this.#supervision, loop, this.#refHost)
  }
}
