import { describeThrown, messageOf, onAbort, throwUncaught, toError } from '@zera/core/internal'
import type { Failure } from '../../../actor/actor-instance.js'
import { ChildStartError, NoSuchChildError, RestartLimitError } from '../../../model/errors.js'
import type { ChildReceipt } from '../../../model/events/system-receipt.js'
import { givenUpReason } from '../../../model/supervision/obituary.js'
import type { CheckedSpec, CheckedSupervisor } from '../checked-spec.js'
import { ActorLife } from '../child/actor-life.js'
import type { ChildLife, ChildNews, Exit, LifeOwner } from '../child/child-life.js'
import { tellOfChild } from '../child/child-life.js'
import { ChildRunner } from '../child/child-runner.js'
import { Child, type Tenure } from '../child/child.js'
import { Children } from '../child/children.js'
import { ServiceLife } from '../child/service-life.js'
import type { SupervisionParts } from '../supervision-parts.js'
import { endTogether } from './end-together.js'
import { planExit, restartGroup, type ExitPlan } from './restart-plan.js'
import { EMPTY_WINDOW } from './restart-window.js'
import { Sequence } from './sequence.js'
import { Startup } from './startup.js'
import { inCrews, stopOrder } from './stop-order.js'

const GIVEN_UP = 'its start was given up'

/** What a child has of its own; other children get these terms from their supervisor. */
export type OwnTerms = Partial<Pick<Child, 'limits' | 'pace' | 'crew'>>

/**
 * One supervisor: it starts its children, restarts those that end and should not, and stops them.
 *
 * `planExit` and `restartGroup` decide what to do; this class does it. If siblings share their fate, it does one thing
 * after the other; if not, it does so for each child. A stop waits for nothing: whatever is in progress checks, after
 * each `await`, whether it is still wanted. The end of a child during the start is handled only when all children have
 * started, as in OTP.
 */
export class SupervisorLoop implements ChildLife {
  readonly path: string
  readonly #spec: CheckedSupervisor
  readonly #shutdownMs: CheckedSpec['shutdownMs']
  readonly #parts: SupervisionParts
  readonly #owner: Pick<LifeOwner, 'exit'>
  readonly #children: Children
  readonly #runner: ChildRunner
  readonly #sequence = new Sequence()
  #window = EMPTY_WINDOW
  /** Milliseconds that restarts have waited, which do not count for the limit. */
  #uncountedMs = 0
  /** When it is `ending` it has told its own supervisor so, which stops it or starts it again. */
  #state: 'idle' | 'running' | 'ending' = 'idle'
  /** A new one with each start and stop, so that code that waited can tell whether it is still wanted. */
  #startup = new Startup()
  /** The ids of its static children: one that was forgotten comes back under its own. */
  readonly #ids = new Map<CheckedSpec, string>()

  /** @param path The ids of its supervisors, followed by its own; empty for the system's. */
  constructor(
    path: string,
    spec: CheckedSupervisor,
    shutdownMs: CheckedSpec['shutdownMs'],
    parts: SupervisionParts,
    owner: Pick<LifeOwner, 'exit'>,
  ) {
    this.path = path
    this.#spec = spec
    this.#shutdownMs = shutdownMs
    this.#parts = parts
    this.#owner = owner
    this.#children = new Children(path)
    this.#runner = new ChildRunner(
      this.#children,
      parts,
      () => this.#state === 'running',
      (child, exit) => this.#exited(child, exit),
    )
  }

  get children(): Iterable<Child> {
    return this.#children
  }

  get spec(): CheckedSupervisor {
    return this.#spec
  }

  /** @throws {NoSuchChildError} */
  child(id: string): Child {
    const child = this.#children.get(id)
    if (child === undefined) throw new NoSuchChildError(this.path, id)
    return child
  }

  // What it is asked for.

  /**
   * Starts one more child, at once when there is nothing to wait for. Nothing is left of one that does not start.
   *
   * @param givenUp Ends the start when it aborts: nothing is left of it either.
   * @throws {ChildIdTakenError}
   * @throws {NameTakenError}
   * @throws {ChildStartError} When the supervisor does not run.
   * @throws What the child's start rejects with.
   */
  add(spec: CheckedSpec, tenure: Tenure, own: OwnTerms = {}, givenUp?: AbortSignal): Child | Promise<Child> {
    this.#expectUp(spec)
    const mustWait = this.#startup.isStarting || this.#spec.strategy !== 'one-for-one'
    const vacated = this.#vacated(spec.id)
    return mustWait || vacated !== undefined
      ? this.#addLater(spec, tenure, own, givenUp)
      : this.#addNow(spec, tenure, own, givenUp)
  }

  async #addLater(spec: CheckedSpec, tenure: Tenure, own: OwnTerms, givenUp: AbortSignal | undefined): Promise<Child> {
    await this.#startup.started
    await this.#vacated(spec.id)
    const add = (): Child | Promise<Child> => this.#addNow(spec, tenure, own, givenUp)
    // It is no sibling of what is restarted before it is started.
    return this.#spec.strategy === 'one-for-one' ? add() : this.#sequence.run(add)
  }

  #addNow(spec: CheckedSpec, tenure: Tenure, own: OwnTerms, givenUp: AbortSignal | undefined): Child | Promise<Child> {
    this.#expectUp(spec)
    givenUp?.throwIfAborted()
    const child = this.#create(spec, tenure, own)
    const start = (): Child | Promise<Child> => this.#startFirst(child, givenUp)
    // Where siblings share their fate, it is this one's turn.
    return child.sequence === this.#sequence ? start() : child.sequence.begin(start)
  }

  /**
   * Stops a child, and keeps its spec if it was `static` or `added`. Resolves when it has stopped, even if another
   * caller began that.
   */
  async end(child: Child, reason: string): Promise<void> {
    if (child.state !== 'stopped') await this.#runner.end(child, reason, Infinity)
  }

  /**
   * Starts a child that was stopped, or has ended. One that runs is fine.
   *
   * @param givenUp Ends the start when it aborts: the child stays stopped.
   */
  async startAgain(child: Child, givenUp?: AbortSignal): Promise<void> {
    await this.#startup.started
    await child.sequence.run(async () => {
      givenUp?.throwIfAborted()
      if (child.state !== 'stopped' || this.#state !== 'running') return
      const forget = onAbort(givenUp, () => void this.end(child, GIVEN_UP))
      try {
        await this.#runner.start(child, undefined)
      } catch (error) {
        await this.#runner.end(child, 'it did not start', Infinity)
        throw error
      } finally {
        forget()
      }
    })
  }

  /** Stops a child and forgets it. */
  async remove(child: Child, reason: string): Promise<void> {
    child.isKept = false
    await this.#runner.end(child, reason, Infinity)
  }

  /**
   * Lets go first of a child with this id that has ended and is to be forgotten: a caller that has heard of that end
   * may add the next one.
   */
  #vacated(id: string | undefined): Promise<unknown> | undefined {
    const child = id === undefined ? undefined : this.#children.get(id)
    if (child === undefined || child.isKept || child.state === 'starting' || child.state === 'running') return undefined
    // What is to become of it is decided there.
    return child.sequence.run(() => undefined).then(() => child.ending)
  }

  // What its own supervisor has it do.

  /**
   * Starts the children, left to right, and returns when they run: those, too, that have ended meanwhile and are
   * restarted.
   *
   * @throws {ChildStartError} When one does not start.
   * @throws {RestartLimitError} When so many have ended that it
   * gives up.
   */
  async start(after: Failure | undefined): Promise<void> {
    const startup = new Startup()
    this.#startup = startup
    this.#state = 'running'
    this.#window = EMPTY_WINDOW
    try {
      await startup.run(() => this.#startChildren(startup, after))
    } catch (error) {
      if (startup === this.#startup)
        await this.halt(
          error instanceof RestartLimitError ? 'its supervisor gave up' : 'a sibling did not start',
          Infinity,
        )
      throw error
    }
  }

  async halt(reason: string, limitMs: number): Promise<void> {
    this.#becomeIdle()
    const left = this.#countdown(limitMs)
    await this.#parts.lateness.share(async () => {
      const isStartedAgain = (child: Child): boolean => child.tenure === 'static' && child.isKept
      for (const group of stopOrder(this.#children.newestFirst(), this.#spec.strategy)) {
        await this.#endAll<unknown>(group, child =>
          isStartedAgain(child) ? this.#runner.halt(child, reason, left()) : this.#runner.end(child, reason, left()),
        )
      }
    })
  }

  async stop(reason: string, limitMs: number): Promise<readonly ChildReceipt[]> {
    this.#becomeIdle()
    const left = this.#countdown(limitMs)
    const receipts: ChildReceipt[] = []
    await this.#parts.lateness.share(async () => {
      for (const group of stopOrder(this.#children.newestFirst(), this.#spec.strategy)) {
        receipts.push(...(await this.#endAll(group, child => this.#runner.end(child, reason, left()))).flat())
      }
    })
    return [...receipts, { kind: 'supervisor', path: this.path, outcome: 'drained' }]
  }

  keep(): void {
    for (const child of this.#children) child.life.keep()
  }

  async release(): Promise<void> {
    await Promise.all(
      this.#children.newestFirst().map(async child => {
        this.#children.delete(child)
        await child.life.release()
      }),
    )
  }

  isOfThread(): boolean {
    return false
  }

  condemn(error: Error): void {
    for (const child of this.#children) child.life.condemn(error)
  }

  tell(news: ChildNews): void {
    tellOfChild(this.#parts.events, { kind: 'supervisor', path: this.path }, news)
  }

  // What becomes of its children.

  async #startChildren(startup: Startup, after: Failure | undefined): Promise<void> {
    const known = new Map(Array.from(this.#children, child => [child.spec, child]))
    for (const spec of this.#spec.children) {
      const child = known.get(spec) ?? this.#create(spec, 'static')
      // Those that had been forgotten stand where they were, and not behind the others.
      this.#children.add(child)
      try {
        await this.#runner.start(child, after)
      } catch (error) {
        if (startup !== this.#startup) throw error
        // It was stopped meanwhile.
        if (child.state !== 'down') continue
        throw new ChildStartError(this.path, `its child ${child.id} did not start: ${messageOf(error)}`, {
          cause: error,
        })
      }
    }
  }

  #create(spec: CheckedSpec, tenure: Tenure, { limits, pace = this.#spec.pace, crew }: OwnTerms = {}): Child {
    const { kind } = spec.start
    const id = this.#ids.get(spec) ?? this.#children.takeableId(spec.id, kind, kind === 'actor' ? spec.start.name : '')
    if (tenure === 'static') this.#ids.set(spec, id)
    const life = createLife(`${this.path}/${id}`, spec, this.#parts, {
      exit: exit => this.#exited(child, exit),
      end: reason => this.end(child, reason),
    })
    const sequence = this.#spec.strategy === 'one-for-one' ? new Sequence() : this.#sequence
    const child: Child = new Child({ id, spec, tenure, life, limits, pace, crew, sequence })
    this.#children.add(child)
    return child
  }

  #startFirst(child: Child, givenUp: AbortSignal | undefined): Child | Promise<Child> {
    try {
      const started = this.#runner.start(child, undefined)
      return started === undefined ? child : this.#startFirstLater(child, started, givenUp)
    } catch (error) {
      return this.#notStarted(child, error)
    }
  }

  async #startFirstLater(child: Child, started: Promise<void>, givenUp: AbortSignal | undefined): Promise<Child> {
    const forget = onAbort(givenUp, () => void this.remove(child, GIVEN_UP))
    try {
      await started
    } catch (error) {
      await this.#notStarted(child, error)
    } finally {
      forget()
    }
    if (child.earlyExit?.kind === 'ignored' && !child.isKept)
      throw new Error(`it has nothing to do: ${child.earlyExit.reason}`)
    return child
  }

  async #notStarted(child: Child, error: unknown): Promise<never> {
    child.isKept = false
    await this.#runner.end(child, 'it did not start', Infinity)
    throw error
  }

  #exited(child: Child, exit: Exit): void {
    if (child.state === 'starting') child.earlyExit ??= exit
    else if (child.state === 'running') this.#goneDown(child, exit, [], this.#startup.isStarting)
  }

  /**
   * @param rest Siblings that are to be started once it runs again.
   * @param isEarly Whether the supervisor has not started before this is done.
   */
  #goneDown(child: Child, exit: Exit, rest: readonly Child[], isEarly: boolean): void {
    const startup = this.#startup
    const isStill = child.become('down')
    if (exit.kind === 'failed') child.life.tell({ ...exit, type: 'failed' })
    const work = async (): Promise<void> => {
      await startup.started
      if (this.#state !== 'running' || startup !== this.#startup) return
      if (isStill()) await this.#carryOut(this.#plan(child, exit), child, exit, isEarly)
      else if (child.state !== 'running') await this.#startGroup(rest, child, failureOf(exit), isEarly)
    }
    const done = child.sequence.run(work).catch(throwUncaught)
    if (isEarly) startup.waitFor(done)
  }

  #plan(child: Child, exit: Exit): ExitPlan {
    const { spec, limits, window, uncountedMs } = child
    if (exit.kind === 'ignored') return { action: 'leave' }
    const situation = {
      child: spec,
      hasFailed: exit.kind === 'failed',
      hasSignificantSibling: spec.significant && this.#children.hasSignificantBeside(child),
      supervisor: { ...this.#spec, ...limits },
      window: limits === undefined ? this.#window : window,
    }
    return planExit(situation, this.#parts.clock.now() - (limits === undefined ? this.#uncountedMs : uncountedMs))
  }

  async #carryOut(plan: ExitPlan, child: Child, exit: Exit, isEarly: boolean): Promise<void> {
    const { error } = failureOf(exit)
    const reason = exit.kind === 'failed' ? `it is temporary, and failed: ${describeThrown(exit.error)}` : exit.reason
    const startup = this.#startup
    // Where the supervisor ends, what has ended is ended before its siblings are: an actor that asked for it, or a supervisor that gave up, has yet to be stopped.
    if (plan.action === 'restart') {
      if (child.limits === undefined) this.#window = plan.window
      else child.window = plan.window
      await this.#restart(child, failureOf(exit), isEarly)
    } else if (plan.action === 'leave') {
      await this.#runner.end(child, reason, Infinity)
    } else if (plan.action === 'shut-down') {
      this.#state = 'ending'
      await this.#runner.end(child, reason, Infinity)
      if (startup === this.#startup)
        this.#owner.exit({ kind: 'done', reason: `its significant child ${child.id} has ended` })
    } else if (child.limits !== undefined && this.path === '') {
      // The failure of a child with limits of its own under the root affects no other child.
      await this.#runner.end(child, givenUpReason(child.limits, error), Infinity, {
        type: 'given-up',
        error,
      })
    } else {
      const limit = new RestartLimitError(this.path, child.id, child.limits ?? this.#spec, { cause: error })
      const isStarting = !startup.isOver
      this.#state = 'ending'
      this.#parts.events.emit('supervisor-given-up', { supervisor: this.path, child: child.id, error })
      this.condemn(limit)
      if (isStarting) startup.fail(limit)
      await this.#runner.halt(child, 'its supervisor gave up', Infinity)
      if (!isStarting && startup === this.#startup)
        this.#owner.exit({ kind: 'failed', error: limit, method: undefined })
    }
  }

  async #restart(child: Child, failure: Failure, isEarly: boolean): Promise<void> {
    const group = restartGroup(this.#spec.strategy, this.#children, child)
    const reason = `its sibling ${child.id} is restarted`
    await this.#parts.lateness.share(async () => {
      await this.#runner.halt(child, 'it is restarted', Infinity)
      for (const sibling of group.stop)
        await (sibling.restart === 'temporary'
          ? this.#runner.end(sibling, reason, Infinity)
          : this.#runner.halt(sibling, reason, Infinity))
    })
    for (const { life } of group.start) life.keep()
    const waitedMs = await this.#runner.backOff(child, failure, `${this.path}/${child.id}`)
    if (child.pace.isDefault) {
      if (child.limits === undefined) this.#uncountedMs += waitedMs
      else child.uncountedMs += waitedMs
    }
    await this.#startGroup(group.start, child, failure, isEarly)
  }

  /**
   * Starts those again that have been halted, one after the other. When one does not start, that is a failure of its
   * own, and the others wait for it.
   */
  async #startGroup(group: readonly Child[], failed: Child, failure: Failure, isEarly: boolean): Promise<void> {
    for (const [index, child] of group.entries()) {
      if (this.#state !== 'running') return
      // It was stopped meanwhile.
      if (child.state !== 'down') continue
      try {
        await this.#runner.start(child, child === failed ? failure : { error: failure.error, method: undefined })
      } catch (thrown) {
        if (child.state !== 'down') continue
        this.#parts.events.emit('restart-failed', {
          path: `${this.path}/${child.id}`,
          error: toError(thrown),
          restarts: child.restarts,
        })
        this.#goneDown(
          child,
          { kind: 'failed', error: toError(thrown), method: 'onStart' },
          group.slice(index + 1),
          isEarly,
        )
        return
      }
    }
  }

  #expectUp(spec: CheckedSpec): void {
    if (this.#state !== 'running')
      throw new ChildStartError(`${this.path}/${spec.id ?? spec.start.kind}`, 'its supervisor does not run')
  }

  #becomeIdle(): void {
    this.#startup = new Startup()
    this.#state = 'idle'
  }

  async #endAll<T>(group: readonly Child[], end: (child: Child) => Promise<T>): Promise<T[]> {
    const ended = await endTogether(
      this.#parts.clock,
      inCrews(group).map(crew => () => Promise.all(crew.map(end))),
    )
    return ended.flat()
  }

  /** What is left of its own time when it is stopped, for one child after the other. */
  #countdown(limitMs: number): () => number {
    const { clock } = this.#parts
    const until = clock.now() + (this.#shutdownMs === 'kill' ? 0 : Math.min(this.#shutdownMs, limitMs))
    return () => Math.max(0, until - clock.now())
  }
}

/** Makes what runs for a child. */
function createLife(
  path: string,
  { start, shutdownMs }: CheckedSpec,
  parts: SupervisionParts,
  owner: LifeOwner,
): ChildLife {
  switch (start.kind) {
    case 'actor':
      return new ActorLife(start, shutdownMs, parts, owner)
    case 'service':
      return new ServiceLife(path, start.start, shutdownMs, parts, owner)
    case 'supervisor':
      return new SupervisorLoop(path, start.supervisor, shutdownMs, parts, owner)
  }
}

/** What a restart has to do with, also of a child that ended of its own accord and is permanent. */
function failureOf(exit: Exit): Failure {
  return exit.kind === 'failed' ? exit : { error: new Error(`It ended: ${exit.reason}`), method: undefined }
}
