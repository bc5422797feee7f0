import { type Down, messageOf, NotCloneableError } from '@zera/core/internal'
import type { Parent, SpawnOrder } from '../../messaging/services/system-service.js'
import type { ActorDefinition } from '../../model/actor-definition.js'
import { FIRST_ACTOR_ID, formatActor, type Address } from '../../model/address.js'
import {
  ActorStartError,
  ChildIdTakenError,
  ChildStartError,
  NameTakenError,
  NoSuchNodeError,
  NotADescendantError,
  SystemStoppedError,
} from '../../model/errors.js'
import { methodsHandled, type BlackBoxReport } from '../../model/events/black-box-report.js'
import type { EventSource } from '../../model/events/events.js'
import type { ChildReceipt } from '../../model/events/system-receipt.js'
import { isForeignRefError } from '../../model/refs/own-ref.js'
import type { RefData } from '../../model/refs/ref.js'
import { paceOf, type Backoff } from '../../model/supervision/backoff.js'
import type { AnySpawnOptions } from '../../model/supervision/child-spec.js'
import type { ChildrenSpec } from '../../model/supervision/children-spec.js'
import { DEFAULT_SUPERVISOR } from '../../model/supervision/supervisor-spec.js'
import { Guardians } from '../hosts/guardians.js'
import type { HostSlot } from '../hosts/host-slot.js'
import type { Hosts } from '../hosts/hosts.js'
import { Watches } from '../watches/watches.js'
import { Actors } from './actors.js'
import { checkSpawn, checkSupervisor, type CheckedSpec, type Start } from './checked-spec.js'
import { ActorLife } from './child/actor-life.js'
import type { Child, Tenure } from './child/child.js'
import type { WorkerPlace } from './child/crew.js'
import { Families } from './families.js'
import { Lateness } from './lateness.js'
import { Names } from './names.js'
import type { SupervisionParts } from './supervision-parts.js'
import { SupervisorLoop, type OwnTerms } from './supervisor/supervisor-loop.js'

/** The options for adding a child. */
export interface AddOptions {
  readonly own?: OwnTerms | undefined
  /** The actor that requests it, and those above it. */
  readonly by?: readonly number[] | undefined
  /** Ends its start when it aborts. */
  readonly givenUp?: AbortSignal | undefined
}

/** Errors that the caller who adds a child can act on. */
const PASSED_ON = [NotCloneableError, NameTakenError, ChildIdTakenError, NoSuchNodeError]

/** All supervisors of a system, from its root on, and the actors that they have. It runs in the main thread. */
export class Supervision {
  /** The system's own supervisor. */
  readonly root: SupervisorLoop
  readonly watches: Watches
  readonly #hosts: Hosts
  readonly #events: EventSource
  readonly #guardians: Guardians
  readonly #actors = new Actors<ActorLife>()
  readonly #families = new Families<SupervisorLoop>()
  readonly #names = new Names()
  readonly #parts: SupervisionParts
  #restarts = 0
  #nextId = FIRST_ACTOR_ID
  #isStopping = false

  /** @param escalate Called with the reason when the root has given up. */
  constructor(
    hosts: Hosts,
    events: EventSource,
    { clock, random, limit }: Pick<SupervisionParts, 'clock' | 'random' | 'limit'>,
    escalate: (error: Error) => void,
  ) {
    this.#hosts = hosts
    this.#events = events
    this.#guardians = new Guardians(hosts, clock, limit)
    this.watches = new Watches(id => this.#actors.get(id) !== undefined, this.#guardians)
    this.#parts = {
      hosts,
      events,
      clock,
      random,
      guardians: this.#guardians,
      actors: this.#actors,
      families: this.#families,
      parent: undefined,
      names: this.#names,
      watches: this.watches,
      lateness: new Lateness(clock),
      limit,
      nextId: () => this.#nextId++,
      restarted: () => (this.#restarts += 1),
    }
    this.root = new SupervisorLoop('', checkSupervisor({}), Infinity, this.#parts, {
      exit: exit => {
        if (exit.kind === 'failed') escalate(exit.error)
      },
    })
    void this.root.start(undefined)
  }

  /** How many restarts of actors, services and supervisors there were. */
  get restarts(): number {
    return this.#restarts
  }

  /**
   * Starts an actor under a supervisor, in this call when there is nothing to wait for. Actors start each other, so
   * callers come here in a turn of their own.
   *
   * @param givenUp Ends the start when it aborts, or stops what has just come up by it.
   * @param worker The actors that stand in for it, and what it is called among them.
   * @throws As `add`.
   * @throws {RangeError}
   * @throws {TypeError} When an option is none.
   */
  spawn(
    supervisor: SupervisorLoop,
    definition: Pick<ActorDefinition<object>, 'url' | 'name'>,
    options: AnySpawnOptions,
    givenUp?: AbortSignal,
    worker?: WorkerPlace,
  ): RefData | Promise<RefData> {
    // Actors of the system are independent, so the failures of one say nothing about another: each has its own limit.
    const hasOwnLimit = supervisor === this.root
    return this.#spawn(supervisor, definition, options, hasOwnLimit, { givenUp, worker })
  }

  /**
   * Starts a child of an actor, under the supervisor that its instance has for its children.
   *
   * @param givenUp Ends the start when it aborts.
   * @throws As `spawn`.
   */
  spawnChild(
    { by, children = {}, url, definition, options }: Omit<SpawnOrder, 'number'>,
    givenUp?: AbortSignal,
  ): RefData | Promise<RefData> {
    const parent = this.#families.parent(by)
    if (parent === undefined)
      throw new ActorStartError(formatActor({ name: options.name, definition }), 'its parent has ended')
    const family = this.#families.of(by.id) ?? this.#foundFamily(parent.data, by.instance, children)
    // What is said of one child alone is its own; all else counts for all together.
    const hasOwnLimit = options.maxRestarts !== undefined || options.periodMs !== undefined
    const ancestors = [by.id, ...this.#families.above(by.id)]
    return this.#spawn(family, { url, name: definition }, options, hasOwnLimit, { by: ancestors, givenUp })
  }

  #foundFamily(parent: RefData, instance: number, children: ChildrenSpec): SupervisorLoop {
    const { id, name } = parent
    const family = new SupervisorLoop(
      name === '' ? formatActor(parent) : `/${name}`,
      checkSupervisor(children),
      Infinity,
      { ...this.#parts, parent: id },
      {
        exit: exit => {
          if (exit.kind === 'failed') this.#guardians.escalate(parent, instance, exit.error)
        },
      },
    )
    void family.start(undefined)
    return this.#families.found(id, family)
  }

  #spawn(
    supervisor: SupervisorLoop,
    definition: Pick<ActorDefinition<object>, 'url' | 'name'>,
    options: AnySpawnOptions,
    hasOwnLimit: boolean,
    { worker, by, givenUp }: Omit<AddOptions, 'own'> & { readonly worker?: WorkerPlace | undefined },
  ): RefData | Promise<RefData> {
    const { maxRestarts = DEFAULT_SUPERVISOR.maxRestarts, periodMs = DEFAULT_SUPERVISOR.periodMs, backoff } = options
    const checked = checkSpawn(definition, options)
    const spec = worker === undefined ? checked : asWorker(checked, worker.name)
    const own = hasOwnLimit
      ? termsOf(maxRestarts, periodMs, backoff)
      : backoff === undefined
        ? {}
        : { pace: paceOf(backoff, supervisor.spec) }
    const terms = worker === undefined ? own : { ...own, crew: worker.crew }
    const child = this.#add(supervisor, spec, 'passing', { own: terms, by, givenUp })
    return child instanceof Promise ? child.then(refDataOf) : refDataOf(child)
  }

  /**
   * Starts a child of a supervisor. Nothing is left of one that does not start.
   *
   * @param how What it has of its own; the actor that wants it, when it is one; and a signal that ends the start.
   * @throws {SystemStoppedError}
   * @throws {ChildIdTakenError}
   * @throws {NameTakenError}
   * @throws {NotCloneableError} Of
   * the props of an actor.
   * @throws {ActorStartError} With the cause: its module, its constructor, its `onStart`, its thread.
   * @throws {ChildStartError} The same, of others.
   */
  async add(supervisor: SupervisorLoop, spec: CheckedSpec, tenure: Tenure, how: AddOptions = {}): Promise<Child> {
    return this.#add(supervisor, spec, tenure, how)
  }

  /** Starts a child, in this call when there is nothing to wait for. */
  #add(
    supervisor: SupervisorLoop,
    spec: CheckedSpec,
    tenure: Tenure,
    { own, by = [], givenUp }: AddOptions,
  ): Child | Promise<Child> {
    this.#expectOpen(spec)
    try {
      const doubted = this.#doubtedName(spec, by)
      const child =
        doubted === undefined
          ? supervisor.add(spec, tenure, own, givenUp)
          : this.#settled(doubted, spec, by).then(() => supervisor.add(spec, tenure, own, givenUp))
      if (child instanceof Promise) return this.#addLater(supervisor, spec, child)
      this.#expectOpen(spec)
      return child
    } catch (error) {
      throw this.#problemOf(supervisor, spec, error)
    }
  }

  async #addLater(supervisor: SupervisorLoop, spec: CheckedSpec, child: Promise<Child>): Promise<Child> {
    try {
      const added = await child
      this.#expectOpen(spec)
      return added
    } catch (error) {
      throw this.#problemOf(supervisor, spec, error)
    }
  }

  /** Resolves when no name in a spec is in doubt any more. */
  async #settled(first: Promise<void>, spec: CheckedSpec, by: readonly number[]): Promise<void> {
    for (let next: Promise<void> | undefined = first; next !== undefined; next = this.#doubtedName(spec, by)) await next
    this.#expectOpen(spec)
  }

  /** Resolves when the first name in a spec that is in doubt no longer is; undefined when there is none. */
  #doubtedName({ start }: CheckedSpec, by: readonly number[]): Promise<void> | undefined {
    if (start.kind === 'actor')
      return start.isWorker === true || start.name === '' ? undefined : this.#names.settled(start.name, ...by)
    if (start.kind === 'service') return undefined
    for (const child of start.supervisor.children) {
      const doubted = this.#doubtedName(child, by)
      if (doubted !== undefined) return doubted
    }
    return undefined
  }

  #expectOpen(spec: CheckedSpec): void {
    if (this.#isStopping) throw new SystemStoppedError(`start ${describeStart(spec)}`)
  }

  /** What the caller who adds a child gets to see of why it did not start. */
  #problemOf(supervisor: SupervisorLoop, spec: CheckedSpec, error: unknown): unknown {
    const { start } = spec
    const what = describeStart(spec)
    if (this.#isStopping) return new SystemStoppedError(`start ${what}`)
    if (PASSED_ON.some(kind => error instanceof kind) || isForeignRefError(error as Error)) return error
    if (start.kind === 'actor')
      return new ActorStartError(what.slice('actor '.length), messageOf(error), { cause: error })
    if (error instanceof ChildStartError) return error
    return new ChildStartError(`${supervisor.path}/${spec.id ?? start.kind}`, messageOf(error), { cause: error })
  }

  /** Stops an actor for good, under any supervisor; an unknown actor counts as stopped. */
  async stopActor(id: number, reason: string): Promise<void> {
    // Whoever asks while it is being stopped waits for that.
    await this.#actors.find(id)?.end(reason)
  }

  /**
   * Stops an actor that another has started, directly or through its children. Stopping a stopped actor is harmless.
   *
   * @param by The actor that requests it.
   * @throws {NotADescendantError}
   */
  async stopChild(by: number, target: Address): Promise<void> {
    const child = this.#families.child(target.id)
    if (child !== undefined && [...this.#families.above(target.id)].includes(by))
      return child.end('its parent stopped it')
    const other = child ?? this.#actors.get(target.id)
    if (other !== undefined)
      throw new NotADescendantError(
        formatActor(other.data),
        target.id === by ? formatActor(other.data) : this.#textOf(by),
      )
  }

  #textOf(id: number): string {
    const data = this.#actors.get(id)?.data
    return data === undefined ? `#${id}` : formatActor(data)
  }

  /** An instance of an actor ends, and its children do before its `onStop`. */
  async endChildren(of: Parent, reason: string, limitMs: number): Promise<void> {
    await this.#families.endChildren(of, reason, limitMs)
  }

  /** From now on refuses all starts that others request. */
  closeDoors(): void {
    this.#isStopping = true
  }

  /**
   * Stops everything and starts nothing more: what was spawned together, all else last started first. Within the limit
   * of the system's stop, which the caller begins.
   */
  async stop(reason: string): Promise<readonly ChildReceipt[]> {
    this.closeDoors()
    const receipts = await this.root.stop(reason, Infinity)
    // The last is the root's own, and goes without saying.
    return receipts.slice(0, -1)
  }

  /** How many actors are supervised. */
  get actorCount(): number {
    return this.#actors.count
  }

  /** Whether an actor is supervised: it runs, or will, and is not being stopped. */
  has(id: number): boolean {
    return this.#actors.get(id) !== undefined
  }

  /**
   * Fails an actor when it has handled its current message, for its supervisor to treat like any failure. Returns false
   * when no such actor runs.
   */
  fail(id: number, error: Error): boolean {
    const life = this.#actors.get(id)
    if (life?.isRunning !== true) return false
    this.#guardians.escalate(life.data, life.instance, error)
    return true
  }

  // What hosts tell.

  /** A handler threw. */
  failed(id: number, error: Error, method: string | undefined): void {
    this.#actors.get(id)?.failed(error, method)
  }

  /**
   * An actor asks to be stopped.
   *
   * @param isStarting Whether its `onStart` is not over.
   */
  stopRequested(id: number, isStarting: boolean): void {
    this.#actors.get(id)?.stopRequested(isStarting)
  }

  /** A thread went down, and with it every actor on it: each has its own supervisor, which treats it by its own spec. */
  hostDown(slot: HostSlot, down: Down): void {
    const fallen = this.#actors.on(slot.number).filter(actor => actor.isRunning)
    const { incarnation, reason, exitCode, error } = down
    const { blackBox } = slot
    for (const { heldName } of fallen) this.#names.doubt(heldName)
    const handled = methodsHandled(blackBox)
    const running = this.#describeRunning(blackBox)
    this.#events.emit('host-down', {
      host: slot.number,
      incarnation,
      reason,
      exitCode,
      error,
      actors: fallen.map(actor => actor.identity),
      blackBox,
    })
    for (const actor of this.#actors.on(slot.number)) actor.hostDown(down, handled.get(actor.data.id), running)
  }

  /** Names the actor whose handler had the thread when it went down. */
  #describeRunning({ running, actors }: BlackBoxReport): string {
    const method = actors.find(({ id }) => id === running)?.handling?.method
    if (running === undefined || method === undefined) return ''
    return `, while ${this.#textOf(running)} handled ${method}()`
  }

  /** A thread is ready; its actors are still to be started. */
  hostOpened({ number }: HostSlot): void {
    this.#guardians.open(
      number,
      this.#actors.on(number).map(({ data }) => data.id),
    )
  }

  /** Gives up a place that has no thread and can have none, when no actor waits for it. */
  abandon(slot: HostSlot): void {
    if (this.#actors.countOn(slot.number) === 0) this.#hosts.retire(slot)
  }
}

function describeStart({ start }: CheckedSpec): string {
  return start.kind === 'actor'
    ? `actor ${formatActor({ name: start.name, definition: start.definition.name })}`
    : `a ${start.kind}`
}

function refDataOf({ life }: Child): RefData {
  return (life as ActorLife).refData
}

/** The spec of an actor that is one of a crew. */
function asWorker(spec: CheckedSpec, name: string): CheckedSpec {
  return { ...spec, start: { ...(spec.start as Extract<Start, { kind: 'actor' }>), name, isWorker: true } }
}

const DEFAULT_TERMS: OwnTerms = { limits: DEFAULT_SUPERVISOR, pace: paceOf(undefined, DEFAULT_SUPERVISOR) }

/** Most actors have the default ones, of which one object will do. */
function termsOf(maxRestarts: number, periodMs: number, backoff: Backoff | undefined): OwnTerms {
  const limits = { maxRestarts, periodMs }
  const isDefault =
    maxRestarts === DEFAULT_SUPERVISOR.maxRestarts && periodMs === DEFAULT_SUPERVISOR.periodMs && backoff === undefined
  return isDefault ? DEFAULT_TERMS : { limits, pace: paceOf(backoff, limits) }
}
