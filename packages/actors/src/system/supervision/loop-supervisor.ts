import type { ActorDefinition } from '../../model/actor-definition.js'
import { expectDefinition } from '../../model/definition.js'
import { NoSuchChildError } from '../../model/errors.js'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { ChildSpec, SpawnOptions } from '../../model/supervision/child-spec.js'
import { checkSpec } from './checked-spec.js'
import { ActorLife } from './child/actor-life.js'
import type { Child } from './child/child.js'
import type { Supervision } from './supervision.js'
import type { ChildStatus, SuperviseOptions, Supervisor } from './supervisor.js'
import { SupervisorLoop } from './supervisor/supervisor-loop.js'

/** A supervisor, as what uses the loop of its children. */
export class LoopSupervisor implements Supervisor {
  readonly #supervision: Supervision
  readonly #loop: SupervisorLoop
  readonly #refHost: RefHost

  constructor(supervision: Supervision, loop: SupervisorLoop, refHost: RefHost) {
    this.#supervision = supervision
    this.#loop = loop
    this.#refHost = refHost
  }

  get path(): string {
    return this.#loop.path
  }

  get children(): ChildStatus[] {
    return Array.from(this.#loop.children, ({ id, spec, state, restarts, life }) => ({
      id,
      kind: spec.start.kind,
      state,
      restarts,
      address: life instanceof ActorLife ? life.data : undefined,
    }))
  }

  async spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> = {}): Promise<ActorRef<A>> {
    expectDefinition(definition)
    return new BoundRef<A>(this.#refHost, await this.#supervision.spawn(this.#loop, definition, options))
  }

  async supervise(children: readonly ChildSpec[], options: SuperviseOptions = {}): Promise<Supervisor> {
    const { id, restart = 'transient', shutdownMs, significant, ...supervisor } = options
    const spec = checkSpec(
      { id, restart, shutdownMs, significant, start: { ...supervisor, children } },
      this.#loop.spec.autoShutdown,
    )
    const child = await this.#supervision.add(this.#loop, spec, 'passing')
    return this.#handle(child.life as SupervisorLoop)
  }

  async add(spec: ChildSpec): Promise<string> {
    const child = await this.#supervision.add(this.#loop, checkSpec(spec, this.#loop.spec.autoShutdown), 'added')
    return child.id
  }

  async stop(id: string): Promise<void> {
    await this.#loop.end(this.#loop.child(id), 'it was stopped')
  }

  async start(id: string): Promise<void> {
    await this.#loop.startAgain(this.#loop.child(id))
  }

  async remove(id: string): Promise<void> {
    await this.#loop.remove(this.#loop.child(id), 'it was removed')
  }

  actor<A extends object>(definition: ActorDefinition<A>, id: string): ActorRef<A> {
    const { life } = this.#loop.child(id)
    if (!(life instanceof ActorLife) || life.data.definition !== definition.name || life.data.url !== definition.url) {
      throw new NoSuchChildError(this.path, id, `actor ${definition.name}`)
    }
    return new BoundRef<A>(this.#refHost, life.refData)
  }

  supervisor(id: string): Supervisor {
    const { life }: Child = this.#loop.child(id)
    if (!(life instanceof SupervisorLoop)) throw new NoSuchChildError(this.path, id, 'supervisor')
    return this.#handle(life)
  }

  #handle(loop: SupervisorLoop): Supervisor {
    return new LoopSupervisor(this.#supervision, loop, this.#refHost)
  }
}
