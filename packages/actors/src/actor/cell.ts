import {
  guarded,
  messageOf,
  settledOrAborted,
  throwUncaught,
  toError,
  within,
  type Progress,
} from '@zera/core/internal'
import type { Loggers } from '../log/loggers.js'
import { isKept, type Envelope } from '../messaging/envelope.js'
import type { Messenger } from '../messaging/messenger.js'
import { keyOf, OutgoingMessage } from '../messaging/outgoing-message.js'
import { beyondGates } from '../messaging/output-gate.js'
import type { SystemClient } from '../messaging/services/system-client.js'
import type { HostTimes } from '../messaging/times/host-times.js'
import type { TraceLog } from '../messaging/tracing/trace-log.js'
import type { ActorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import type { CancelOutcome } from '../model/cancel-spec.js'
import { NotDurableError } from '../model/durability/durability-errors.js'
import type { DurableSpec } from '../model/durability/durable-spec.js'
import { ActorStoppedError, IgnoredSignalError } from '../model/errors.js'
import type { DeadLetterReason } from '../model/events/dead-letter.js'
import type { StopOutcome } from '../model/events/system-receipt.js'
import type { Logger } from '../model/log.js'
import type { BoundRef } from '../model/refs/bound-ref.js'
import type { ActorRef } from '../model/refs/ref.js'
import { DEFAULT_CHILD_SPEC } from '../model/supervision/child-spec.js'
import { Countdown, NO_DEADLINE, settledBefore, type Deadline } from '../model/time/deadline.js'
import { ActorInstance, type Ending, type Failure } from './actor-instance.js'
import type { ActorRecord, BlackBox } from './black-box/black-box.js'
import type { ActorInjector } from './container.js'
import { InstanceContext, runWithContext, type ContextHost, type ContextParts } from './context.js'
import { DurableState } from './durable/durable-state.js'
import type { Keeper } from './durable/keeper.js'
import type { KeptOutbox } from './durable/kept-outbox.js'
import { InstanceOwner } from './instance-owner.js'
import { MessageLoop, type MessageLoopOwner } from './message-loop.js'
import { OwnChildren, type OwnChildrenHost } from './own-children.js'
import type { Scheduler } from './scheduler.js'

/** What a cell needs from its host. */
export interface CellHost extends ContextHost, OwnChildrenHost {
  readonly scheduler: Scheduler
  readonly blackBox: BlackBox
  readonly times: HostTimes | undefined
  readonly keeper: Keeper
  readonly outbox: Pick<KeptOutbox, 'isIdle' | 'idle' | 'post'>
  readonly traces: TraceLog
  readonly loggers: Loggers
  readonly messenger: OwnChildrenHost['messenger'] & Pick<Messenger, 'forward'>
  readonly system: Pick<SystemClient, 'failed' | 'undelivered'>
  /** A fresh injector for one instance of the actor. */
  createInjector(context: ActorContext): ActorInjector
}

/** The parts of a cell. */
export interface CellParts {
  readonly host: CellHost
  readonly id: number
  readonly definition: ActorDefinition<object>
  readonly self: ActorRef<object>
  readonly props: unknown
}

type State =
  /** An instance is starting. */
  | 'starting'
  /** The instance exists, but its supervisor does not know yet. */
  | 'ready'
  | 'running'
  /** Waiting for the supervisor's decision. */
  | 'failed'
  /**
   * Halted by its supervisor, for example because a sibling restarts. The next instance takes over the waiting
   * messages.
   */
  | 'halted'
  | 'stopping'
  | 'stopped'

const BEGUN = Promise.resolve()

/**
 * One actor on its host, for its whole life: instances of its class come and go, its messages stay.
 *
 * When a handler throws, the messages behind it wait until the supervisor restarts the actor with a new instance, which
 * goes on with them, or stops it, which makes them dead letters.
 */
export class Cell implements ContextParts, MessageLoopOwner {
  readonly id: number
  readonly self: ActorRef<object>
  readonly host: CellHost
  readonly #props: unknown
  readonly definition: ActorDefinition<object>
  readonly record: ActorRecord
  /** That of its instance. */
  context: InstanceContext
  readonly children: OwnChildren
  /** Takes its messages. */
  readonly loop: MessageLoop
  /** Undefined when its state is not kept. */
  readonly durable: DurableState | undefined
  #log: Logger | undefined
  #state: State = 'starting'
  /** The current instance, from before its start until its end begins. */
  #instance: ActorInstance | undefined
  /** Owns what its instance opens. */
  owner: InstanceOwner
  /** The end of the previous instance, until that is over. Never rejects. */
  #ending: Promise<unknown> | undefined
  /** The time that its `onStop` has after a failure. */
  #shutdownMs: number | 'kill' = DEFAULT_CHILD_SPEC.shutdownMs
  #beginning = BEGUN
  /** Counts started instances and halts, so that code that has waited knows whether it is still current. */
  #life = 0
  /** Rejects the start that is under way: it may never end, so its caller should not have to wait for it. */
  #abandonStart: () => void = nothing
  #stopping: Promise<StopOutcome> | undefined

  constructor({ host, id, definition, self, props }: CellParts) {
    this.host = host
    this.id = id
    this.self = self
    this.definition = definition
    this.#props = props
    this.record = host.blackBox.add(id)
    this.children = new OwnChildren(host, id, definition)
    this.owner = new InstanceOwner(self)
    this.context = new InstanceContext(this, this.owner)
    this.durable = definition.durable && this.#durableState(definition.durable)
    this.loop = new MessageLoop(this)
  }

  get state(): State {
    return this.#state
  }

  /** Whether a message is being handled. */
  get isHandling(): boolean {
    return this.loop.current !== undefined
  }

  /** Makes the handler of an ask end if it still runs: it gets `graceMs`, then the actor fails without it. */
  async cancel(asker: number, correlation: number, graceMs: number): Promise<CancelOutcome> {
    if (!this.loop.isHandling(asker, correlation)) return 'signalled'
    const method = this.loop.current?.method ?? ''
    await within(this.host.clock, graceMs, this.loop.currentIsOver())
    if (!this.loop.isHandling(asker, correlation)) return 'signalled'
    this.loop.abandon(new IgnoredSignalError(this.self.toString(), method, graceMs))
    return 'actor-restarted'
  }

  // What its loop needs.

  deadLetter(envelope: Envelope, reason: DeadLetterReason, error?: Error, progress?: Progress): void {
    // What is kept comes again when the actor does, and one that was forgotten is not missed.
    const isLeft = reason === 'actor-stopped' || reason === 'withdrawn'
    if (isLeft && (isKept(envelope) || this.durable?.reminders.has(envelope) === true)) return
    this.host.system.undelivered(envelope, reason, error, progress)
  }

  failed(error: Error, method: string): void {
    this.#state = 'failed'
    this.durable?.rollBack()
    const tell = (): void => this.host.system.failed(this.id, error, method)
    // As in OTP, its supervisor and its watchers learn of it when it has ended: so anything that ends as a result ends after it.
    const ended = this.#endFailed(error)
    if (ended === undefined) tell()
    else void ended.then(tell)
  }

  // What its context needs.

  get log(): Logger {
    this.#log ??= this.host.loggers.create(this.self.toString())
    return this.#log
  }

  stopSelf(): void {
    this.host.messenger.system.tell.stop(this.id, this.#state === 'starting')
  }

  // Its life.

  /**
   * Makes an instance and runs its `onStart`. If it replaces one that failed or went down with its thread, it also runs
   * `onRestart`. Rejects with what they throw; the cell is `failed` then. It takes messages from `run` on. Returns
   * undefined when there was nothing to wait for.
   *
   * @param shutdownMs The time that the `onStop` of a failed instance has.
   * @param instance Its number.
   */
  start(
    after?: Failure,
    shutdownMs: number | 'kill' = DEFAULT_CHILD_SPEC.shutdownMs,
    instance = 0,
  ): Promise<void> | undefined {
    this.#shutdownMs = shutdownMs
    if (this.#stopping !== undefined) return Promise.reject(new ActorStoppedError(this.self.toString()))
    const life = ++this.#life
    this.#state = 'starting'
    this.loop.hold()
    const begun =
      this.#instance === undefined && this.#ending === undefined && this.loop.streamsEnded() === undefined
        ? this.#begin(life, after, instance)
        : this.#beginNext(life, after, instance)
    return begun && this.#untilBegun(begun)
  }

  /** As long as an instance begins, its start can be abandoned, and a stop waits for it. */
  #untilBegun(begins: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        if (this.#beginning !== begun) return
        this.#beginning = BEGUN
        this.#abandonStart = nothing
      }
      const begun = begins.then(
        () => {
          over()
          resolve()
        },
        (error: unknown) => {
          over()
          reject(error)
        },
      )
      this.#beginning = begun
      this.#abandonStart = () => reject(new ActorStoppedError(this.self.toString()))
    })
  }

  /**
   * Makes the actor fail because one of its children was restarted too often. This is a message of the instance that
   * has the child.
   *
   * @param instance The number of that instance.
   */
  escalate(instance: number, error: Error): void {
    if (instance !== this.children.instance) return
    this.loop.self.pipe(Promise.reject(error), nothing, (thrown: unknown) => {
      throw thrown
    })
  }

  /** Takes messages. */
  run(): void {
    if (this.#state !== 'ready') return
    this.#state = 'running'
    this.loop.run(this.#instance?.actor as object)
  }

  /**
   * Refuses from now on what arrives, and stops when all messages that have arrived are handled, or when `hurry`
   * aborts; then runs `onStop`, and throws what that throws. The messages that are left become dead letters. A second
   * call joins the same stop.
   *
   * @param deadline When `onStop` is left alone, and closing is cut short.
   */
  stop(reason: string, hurry: AbortSignal, runsOnStop = true, deadline = NO_DEADLINE): Promise<StopOutcome> {
    this.#stopping ??= this.#stop(reason, hurry, runsOnStop, deadline)
    return this.#stopping
  }

  /**
   * Ends the instance when the current message is done, or when `hurry` aborts, which gives that message back. Then
   * runs `onStop`, and throws what that throws. Waiting messages stay for the next instance.
   */
  async halt(reason: string, hurry: AbortSignal, runsOnStop = true, deadline = NO_DEADLINE): Promise<StopOutcome> {
    await settledOrAborted(this.#beginning, hurry)
    if (this.#stopping !== undefined) return this.#stopping
    await settledOrAborted(this.loop.pause(), hurry)
    if (this.#stopping !== undefined) return this.#stopping
    const wasInterrupted = this.loop.abandonCurrent(`The actor was stopped: ${reason}`)
    const hasKept = this.durable === undefined || (await this.#untilKept(hurry))
    if (this.#stopping !== undefined) return this.#stopping
    const outcome = wasInterrupted || !hasKept ? 'hurried' : 'drained'
    this.#life += 1
    this.#state = 'halted'
    this.#abandonStart()
    this.loop.endStreams()
    const streams = this.#streamsEnded(hurry)
    if (streams !== undefined) await streams
    const ended = this.#endInstance({ reason, error: undefined, runsOnStop, deadline })
    if (ended !== undefined) await ended
    return outcome
  }

  /**
   * As far as the actor can see, its thread has gone: nothing of the actor runs any more. This starts to close what it
   * has opened.
   */
  abandon(): void {
    this.#instance = undefined
    this.durable?.close()
    this.durable?.end()
    this.owner.close(0)?.catch(throwUncaught)
  }

  /** Begins the next instance when the end of the one before is over. */
  async #beginNext(life: number, after: Failure | undefined, instance: number): Promise<void> {
    const streams = this.#streamsEnded()
    if (streams !== undefined) await streams
    if (after !== undefined && this.#instance !== undefined) await this.#endFailed(after.error)
    while (this.#ending !== undefined) await this.#ending
    // What the previous instance began during its end is not for this one.
    if (this.#isBeginning(life)) this.loop.hold()
    await this.#begin(life, after, instance)
  }

  /** Rejects with what goes wrong; undefined when there is nothing to wait for. */
  #begin(life: number, after: Failure | undefined, instance: number): Promise<void> | undefined {
    try {
      this.#expectBeginning(life)
      this.children.instance = instance
      const started =
        this.durable === undefined
          ? this.#makeInstance().start(this.definition, this.#props, after)
          : this.#startKept(this.durable, life, after)
      if (started !== undefined)
        return started.then(() => this.#hasBegun(life)).catch((error: unknown) => this.#notBegun(life, error))
      this.#hasBegun(life)
      return undefined
    } catch (error) {
      return this.#notBegun(life, error)
    }
  }

  /** Starts an instance with what is kept. */
  async #startKept(durable: DurableState, life: number, after: Failure | undefined): Promise<void> {
    if (this.self.name === '')
      throw new NotDurableError(
        this.self.toString(),
        'it has no name, by which a later process finds it; pass { name }',
      )
    await durable.read(() => this.#isBeginning(life))
    this.#expectBeginning(life)
    await this.#makeInstance().start(this.definition, this.#props, after)
  }

  #durableState(spec: DurableSpec): DurableState {
    const { definition, host, self } = this
    return new DurableState({
      keeper: host.keeper,
      clock: host.clock,
      id: this.id,
      messenger: host.messenger,
      key: keyOf(definition.name, self.name),
      name: self.toString(),
      spec,
      isHandling: () => this.isHandling,
      release: outputs =>
        beyondGates(() => runWithContext(this.context, () => outputs.forEach(output => guarded(output)))),
      deliver: envelope => this.loop.deliver(envelope),
      adopt: envelope => this.#adopt(envelope),
      deadLetter: envelope => host.system.undelivered(envelope, 'poison'),
      putBack: handled => this.loop.putBack(handled),
      refuse: (handled, error) => this.loop.refuseHandled(handled, error),
      dropKept: () => this.loop.dropKept(),
      resume: () => this.loop.resume(),
      failed: error => this.loop.fail(error, 'a commit'),
    })
  }

  #adopt(envelope: Envelope): void {
    const { method, args, from } = envelope
    try {
      this.host.outbox.post(new OutgoingMessage(this.self as BoundRef<object>, method, args, from))
    } catch (error) {
      this.host.system.undelivered(envelope, 'mailbox-full', toError(error))
    }
  }

  /** Waits until all that was handled is kept, unless its stop is hurried; then it was interrupted. Returns which. */
  async #untilKept(hurry: AbortSignal): Promise<boolean> {
    const durable = this.durable as DurableState
    if (!durable.isKept) await settledOrAborted(durable.kept(), hurry)
    if (!durable.isKept) {
      this.loop.interrupt(durable.abandon())
      return false
    }
    durable.end()
    return true
  }

  #hasBegun(life: number): void {
    this.#expectBeginning(life)
    this.#state = 'ready'
  }

  async #notBegun(life: number, error: unknown): Promise<never> {
    if (this.#isBeginning(life)) {
      this.#state = 'failed'
      await this.#endFailed(toError(error))
    }
    throw error
  }

  /** A caller that gave up waiting has ended it. */
  #expectBeginning(life: number): void {
    if (!this.#isBeginning(life)) throw new ActorStoppedError(this.self.toString())
  }

  #isBeginning(life: number): boolean {
    return this.#is('starting') && life === this.#life
  }

  #makeInstance(): ActorInstance {
    if (this.owner.isClosed) {
      this.owner = new InstanceOwner(this.self)
      this.context = new InstanceContext(this, this.owner)
    }
    const { context } = this
    const { durable, owner, host } = this
    this.#instance = new ActorInstance({ context, owner, durable, injector: host.createInjector(context) })
    return this.#instance
  }

  async #stop(reason: string, hurry: AbortSignal, runsOnStop: boolean, deadline: Deadline): Promise<StopOutcome> {
    // First, or senders that go on could keep it from ever being done. One that has failed handles nothing any more, and says why.
    if (!this.#is('failed')) this.loop.closeDoor()
    // Most actors are running and idle when they are stopped.
    if (this.#beginning !== BEGUN) await settledOrAborted(this.#beginning, hurry)
    this.run()
    if (!this.loop.isDrained) await settledOrAborted(this.loop.settled(), hurry)
    const hasKept = this.durable === undefined || (await this.#untilKept(hurry))
    const wasRunning = this.#is('running')
    const outcome = this.#is('failed')
      ? 'failed'
      : hasKept && (wasRunning || this.#is('halted')) && this.loop.isDrained
        ? 'drained'
        : 'hurried'
    this.#state = 'stopping'
    this.#abandonStart()
    // Its host has other actors: a handler that does not end sees its signal abort, and is left alone.
    this.loop.close(`The actor was stopped: ${reason}`)
    const streams = this.#streamsEnded(hurry)
    if (streams !== undefined) await streams
    try {
      const ended = this.#endInstance({ reason, error: undefined, runsOnStop, deadline })
      if (ended !== undefined) await ended
      // What it has told is kept before the store stops, which is after all others.
      if (!this.host.outbox.isIdle) await settledOrAborted(this.host.outbox.idle(), hurry)
    } finally {
      this.#state = 'stopped'
      this.record.close()
    }
    return outcome
  }

  /** The `finally` of a generator is over before the instance is, unless its stop is hurried. */
  #streamsEnded(hurry?: AbortSignal): Promise<unknown> | undefined {
    const ended = this.loop.streamsEnded()
    return ended && settledOrAborted(ended, hurry)
  }

  /**
   * No caller waits for its `onStop` and for the closing of what it opened. So their errors are only logged, and the
   * next instance starts all the same.
   */
  #endFailed(error: Error): Promise<unknown> | undefined {
    this.loop.self.clear()
    this.loop.endStreams()
    const deadline = new Countdown(this.host.clock, this.#shutdownMs === 'kill' ? 0 : this.#shutdownMs)
    const streams = this.loop.streamsEnded()
    const ended = this.#endInstance(
      { reason: `it failed: ${messageOf(error)}`, error, runsOnStop: this.#shutdownMs !== 'kill', deadline },
      streams && settledBefore(deadline, streams),
    )
    return ended
      ?.catch((thrown: unknown) =>
        this.log.error('the end of an instance that had failed went wrong', { err: toError(thrown) }),
      )
      .finally(() => deadline.cancel())
  }

  /**
   * Ends the current instance, or waits until the previous one has ended. Returns undefined when there is nothing to
   * wait for. Rejects with what its `onStop` threw, or what closing threw.
   *
   * @param first What to wait for first.
   */
  #endInstance(how: Omit<Ending, 'late'>, first?: Promise<unknown>): Promise<unknown> | undefined {
    this.host.watching.clear(this.id)
    const instance = this.#instance
    this.#instance = undefined
    if (instance === undefined) return this.#ending
    const late = (): void => this.log.warn('onStop did not end in time and was left alone', { reason: how.reason })
    const end = (): Promise<unknown> | undefined => instance.end({ ...how, late })
    // Before its `onStop`, which may rely on what they did in their end.
    const before = this.children.end(how.reason, how.deadline, first) ?? first
    const ended = before === undefined ? end() : before.then(end)
    if (ended === undefined) return undefined
    const ending = ended
      .catch(() => undefined)
      .then(() => {
        if (this.#ending === ending) this.#ending = undefined
      })
    this.#ending = ending
    return ended
  }

  /** The state may have changed in any `await`, which the compiler does not see. */
  #is(state: State): boolean {
    return this.#state === state
  }
}

function nothing(): void {}
