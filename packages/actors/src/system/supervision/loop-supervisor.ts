import {
  FLAG,
  NUMBER,
  SIGNAL,
  type Clock,
  expectOptions,
  optionNames,
  rejectedAtCaller,
  waitFor,
  showAs,
} from '@zera/core/internal'
import type { ActorDefinition } from '../../model/actor-definition.js'
import { expectDefinition } from '../../model/definition.js'
import { NoSuchChildError } from '../../model/errors.js'
import type { WaitOptions } from '../../model/protocol.js'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import type { ActorRef, RefData } from '../../model/refs/ref.js'
import { expectSpawnOptions, spawnOf, type ChildSpec, type SpawnOptions } from '../../model/supervision/child-spec.js'
import { checkSpec, type CheckedSpec } from './checked-spec.js'
import { ActorLife } from './child/actor-life.js'
import type { Child, Tenure } from './child/child.js'
import type { Supervision } from './supervision.js'
import type { ChildStatus, SuperviseOptions, Supervisor } from './supervisor.js'
import { SupervisorLoop } from './supervisor/supervisor-loop.js'

const SUPERVISE_OPTIONS = optionNames<SuperviseOptions & WaitOptions>({
  id: true,
  restart: true,
  shutdownMs: true,
  significant: FLAG,
  strategy: true,
  maxRestarts: true,
  periodMs: NUMBER,
  autoShutdown: true,
  backoff: true,
  signal: SIGNAL,
  timeoutMs: NUMBER,
})

const NEXT = Promise.resolve()

/** A supervisor, as what uses the loop of its children. */
export class LoopSupervisor implements Supervisor {
  readonly #clock: Clock
  readonly #supervision: Supervision
  readonly #loop: SupervisorLoop
  readonly #refHost: RefHost

  static {
    showAs(this.prototype, ({ path, children }) => ({
      title: `Supervisor(${path || '/'})`,
      parts: { children: children.map(({ id, state }) => `${id}: ${state}`) },
    }))
  }

  constructor(clock: Clock, supervision: Supervision, loop: SupervisorLoop, refHost: RefHost) {
    this.#clock = clock
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

  async spawn<A extends object>(
    definition: ActorDefinition<A>,
    options: SpawnOptions<A> & WaitOptions = {},
  ): Promise<ActorRef<A>> {
    expectDefinition('start an actor', definition)
    expectSpawnOptions(definition, options)
    const { signal, timeoutMs } = options
    if (signal !== undefined || timeoutMs !== undefined) return this.#spawnInTime(definition, options)
    try {
      // No code of an actor runs in the call that starts it.
      await NEXT
      const data = this.#supervision.spawn(this.#loop, definition, options)
      return new BoundRef<A>(this.#refHost, data instanceof Promise ? await data : data)
    } catch (error) {
      return rejectedAtCaller(error, run => this.#clock.soon(run))
    }
  }

  async #spawnInTime<A extends object>(
    definition: ActorDefinition<A>,
    { signal, timeoutMs, ...spec }: SpawnOptions<A> & WaitOptions,
  ): Promise<ActorRef<A>> {
    const late = ({ id }: RefData): Promise<void> => this.#supervision.stopActor(id, 'its spawn was given up')
    const data = await waitFor(
      this.#clock,
      { action: spawnOf(definition, spec), leaves: 'nothing', late },
      { signal, timeoutMs },
      async givenUp => {
        await NEXT
        return this.#supervision.spawn(this.#loop, definition, spec, givenUp)
      },
    )
    return new BoundRef<A>(this.#refHost, data)
  }

  async supervise(children: readonly ChildSpec[], options: SuperviseOptions & WaitOptions = {}): Promise<Supervisor> {
    expectOptions('start a supervisor', options, SUPERVISE_OPTIONS)
    const { id, restart = 'transient', shutdownMs, significant, signal, timeoutMs, ...supervisor } = options
    const spec = checkSpec(
      { id, restart, shutdownMs, significant, start: { ...supervisor, children } },
      this.#loop.spec.autoShutdown,
      'start a supervisor',
    )
    const child = await this.#add(spec, 'passing', { signal, timeoutMs })
    return this.#handle(child.life as SupervisorLoop)
  }

  async add(spec: ChildSpec, options: WaitOptions = {}): Promise<string> {
    const child = await this.#add(checkSpec(spec, this.#loop.spec.autoShutdown), 'added', options)
    return child.id
  }

  async stop(id: string, options: WaitOptions = {}): Promise<void> {
    const child = this.#loop.child(id)
    await waitFor(this.#clock, { action: `stop ${this.path}/${id}`, leaves: 'work' }, options, () =>
      this.#loop.end(child, 'its supervisor was asked to stop it'),
    )
  }

  async start(id: string, options: WaitOptions = {}): Promise<void> {
    const child = this.#loop.child(id)
    await waitFor(this.#clock, { action: `start ${this.path}/${id}`, leaves: 'nothing' }, options, givenUp =>
      this.#loop.startAgain(child, givenUp),
    )
  }

  async remove(id: string, options: WaitOptions = {}): Promise<void> {
    const child = this.#loop.child(id)
    await waitFor(this.#clock, { action: `remove ${this.path}/${id}`, leaves: 'work' }, options, () =>
      this.#loop.remove(child, 'its supervisor was asked to remove it'),
    )
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

  #add(spec: CheckedSpec, tenure: Tenure, options: WaitOptions): Promise<Child> {
    const action = `start ${this.path}/${spec.id ?? spec.start.kind}`
    const late = (child: Child): Promise<void> => this.#loop.remove(child, 'its start was given up')
    return waitFor(this.#clock, { action, leaves: 'nothing', late }, options, givenUp =>
      this.#supervision.add(this.#loop, spec, tenure, { givenUp }),
    )
  }

  #handle(loop: SupervisorLoop): Supervisor {
    return new LoopSupervisor(this.#clock, this.#supervision, loop, this.#refHost)
  }
}
