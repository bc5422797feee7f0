import {
  atCaller,
  outOfRange,
  rejectedSoon,
  rejectToCaller,
  SlotMap,
  throwUncaught,
  type Clock,
  type DownReason,
  type Progress,
  type Verb,
} from '@zera/core/internal'
import { formatService, type Address } from '../../model/address.js'
import type { CancelOutcome, CancelSpec } from '../../model/cancel-spec.js'
import {
  ActorDownError,
  ActorRestartedError,
  ActorStoppedError,
  AskAbortedError,
  AskTimeoutError,
  MailboxFullError,
  UnknownMethodError,
  type LinkError,
} from '../../model/errors.js'
import type { Waiting } from '../../model/events/snapshot.js'
import { describeStall, type Stall } from '../../model/events/stall.js'
import type { AskOptions } from '../../model/protocol.js'
import { BoundRef } from '../../model/refs/bound-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { refusing } from '../../model/refused-message.js'
import type { Obituary } from '../../model/supervision/obituary.js'
import type { Refusal } from '../envelope.js'
import type { AskTimer, HostTimes } from '../times/host-times.js'
import { AbortListeners } from './abort-listeners.js'
import { fromCaller, withCaller } from './caller-stack.js'
import { Deadlines } from './deadlines.js'

/** The same as OTP's `gen_server:call`. */
const DEFAULT_TIMEOUT_MS = 5000

/** The target of an ask, and its purpose. */
export interface Question {
  /** Undefined for what the system asks itself. */
  readonly ref?: ActorRef<object> | undefined
  readonly target: Address
  readonly method: string
  /** What to do when the asker gives up, beyond aborting the handler's signal. */
  readonly cancel?: CancelSpec | undefined
  /** The id of the actor that asks, if it is one. */
  readonly from?: number | undefined
  /** Where it counts as long as it waits for its answer. */
  readonly load?: AskLoad | undefined
  /** By which its target knows it again. */
  readonly id?: string | undefined
}

/** How many asks wait for an answer, of those that count there. */
export interface AskLoad {
  underWay: number
}

/** Sends a question on its way. */
export type SendQuestion = (correlation: number, question: Question, args: unknown[]) => void

/** The receiver of a stream's items. */
export type ItemReceiver = (value: unknown) => void

interface Pending {
  readonly question: Question
  readonly args: readonly unknown[]
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly item: ItemReceiver | undefined
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Undefined when it is not measured. */
  readonly timer: AskTimer | undefined
}

/**
 * Tells the target's host that the asker has given up. If there is more to do, it returns a promise of what became of
 * the handler, and the asker waits for it. The promise never rejects.
 */
export type Withdraw = (question: Question, correlation: number) => Promise<CancelOutcome> | undefined

/** What an asker learns from the main thread about its target. */
export interface Inquiries {
  readonly explain: Explain
  readonly stallOf: StallOf
}

/**
 * Finds out why the thread of an actor answers nothing; undefined at once when there is nothing to find out. Soon
 * undefined when the thread is well, or is not known not to be. It never rejects.
 */
type StallOf = (target: Address) => Promise<Stall | undefined> | undefined

/** Finds out why an actor is gone, within the time that its asker has. It never rejects. */
type Explain = (target: Address, limitMs: number) => Promise<Obituary | undefined>

/**
 * The asks of one host that wait for an answer. Each is settled once: by an answer, an error, a deadline, an abort or a
 * death.
 */
export class PendingAsks {
  readonly #pending = new SlotMap<Pending>()
  readonly #deadlines: Deadlines
  readonly #aborts: AbortListeners
  readonly #clock: Clock
  readonly #withdraw: Withdraw
  readonly #inquiries: Inquiries
  readonly #times: HostTimes | undefined
  /** The asks that their host refused, as far as known without its answer. */
  readonly #refused = new Map<number, Progress>()
  #next = 1
  // Of the promise that was made last.
  #resolve: (value: unknown) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  readonly #noteResolvers = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
    this.#resolve = resolve
    this.#reject = reject
  }

  constructor(clock: Clock, withdraw: Withdraw, inquiries: Inquiries, times?: HostTimes) {
    this.#clock = clock
    this.#times = times
    this.#withdraw = withdraw
    this.#inquiries = inquiries
    this.#aborts = new AbortListeners(clock, (correlation, reason) => this.giveUp(correlation, reason))
    this.#deadlines = new Deadlines(
      clock,
      correlation => this.#pending.has(correlation),
      correlation =>
        this.#giveUp(
          correlation,
          ({ question, timeoutMs }, outcome, why) =>
            new AskTimeoutError(nameOf(question), question.method, timeoutMs, outcome, why),
        ),
    )
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size
  }

  /** Whether an answer is awaited; items of a stream do not count, which may go on for ever. */
  get areAwaited(): boolean {
    return [...this.#pending.values()].some(({ item }) => item === undefined)
  }

  /** The number of the last one. */
  get last(): number {
    return this.#next - 1
  }

  /** Whether the asker still waits for the answer. */
  isWaiting(correlation: number): boolean {
    return this.#pending.has(correlation)
  }

  /** Whether a host may answer an ask: it was asked, or no asker waits any more. */
  mayAnswer(correlation: number, host: number): boolean {
    return (this.#pending.get(correlation)?.question.target.host ?? host) === host
  }

  /** What each waits for, in words. */
  *describe(): Generator<string> {
    for (const { question } of this.#pending.values()) yield awaitedOf(question)
  }

  /** Which actors wait for which. */
  *waits(): Generator<{ readonly from: number } & Waiting> {
    for (const { question } of this.#pending.values()) {
      const { from, target, method } = question
      if (from !== undefined) yield { from, actor: target.id, host: target.host, method }
    }
  }

  /**
   * Sends a question and waits for its answer.
   *
   * @param send Sends the arguments under the correlation number; when it throws, the ask rejects with that error. One
   *   function serves many asks, so none of them allocates another.
   * @param item Gets what comes before the answer, when the question opens a stream.
   * @param verb What the program calls, if it does: below it the stack of what `send` throws begins.
   * @throws {RangeError} When `timeoutMs` is negative or not a number.
   */
  ask(
    question: Question,
    options: AskOptions,
    send: SendQuestion,
    args: unknown[] = [],
    item?: ItemReceiver,
    verb?: Verb,
  ): Promise<unknown> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options
    if (!(timeoutMs >= 0))
      return rejectedSoon(this.#clock, outOfRange(`ask ${nameOf(question)}`, 'timeoutMs', timeoutMs))
    if (signal?.aborted === true) return rejectedSoon(this.#clock, signal.reason)
    const correlation = this.#next++
    const answer = new Promise<unknown>(this.#noteResolvers)
    if (signal !== undefined) this.#aborts.add(signal, correlation)
    if (question.load !== undefined) question.load.underWay += 1
    this.#pending.set(correlation, {
      question,
      args,
      timeoutMs,
      signal,
      item,
      resolve: this.#resolve,
      reject: this.#reject,
      // Items of a stream come when its reader wants them, and what the system asks itself is its own affair.
      timer:
        question.ref === undefined || item !== undefined ? undefined : this.#times?.asking(this.#pending.size === 0),
    })
    try {
      send(correlation, question, args)
    } catch (error) {
      refusing(error, question.ref, question.method, args)
      this.#take(correlation)
      return rejectedSoon(this.#clock, verb === undefined ? error : atCaller(error, verb))
    }
    if (timeoutMs !== Infinity) this.#deadlines.add(correlation, timeoutMs)
    return answer
  }

  /** Settles an ask with its answer. An answer that comes too late is dropped: its asker has its error. */
  answer(correlation: number, value: unknown): void {
    this.#take(correlation)?.resolve(value)
  }

  /** Passes an item of a stream on. */
  item(correlation: number, value: unknown): void {
    this.#pending.get(correlation)?.item?.(value)
  }

  /** Settles an ask with its error. */
  refuse(correlation: number, refusal: Refusal): void {
    const pending = this.#take(correlation)
    if (pending === undefined) return
    const { question } = pending
    if (refusal.kind === 'threw') {
      const { error } = refusal
      const call = `${question.method}() of actor ${nameOf(question)}`
      rejectToCaller(pending.resolve, above => withCaller(error, call, above))
    } else if (refusal.kind === 'stopping')
      this.#failSoon(pending, () => new ActorStoppedError(nameOf(question), { isStopping: true }))
    else if (refusal.kind === 'stopped' || refusal.kind === 'interrupted') {
      const progress = refusal.kind === 'interrupted' ? 'begun' : 'not-begun'
      void this.#inquiries
        .explain(question.target, pending.timeoutMs)
        .then(obituary =>
          this.#failSoon(pending, () => new ActorStoppedError(nameOf(question), { ...obituary, progress })),
        )
    } else if (refusal.kind === 'mailbox-full')
      this.#failSoon(pending, () => new MailboxFullError(nameOf(question), 'its mailbox is full'))
    else if (refusal.kind === 'restarted')
      this.#fail(pending, () => new ActorRestartedError(nameOf(question), question.method))
    else this.#fail(pending, () => new UnknownMethodError(nameOf(question), question.method, refusal.problem))
  }

  /** Settles an ask that did not leave, as there is no link. */
  unlinked(correlation: number, error: LinkError): void {
    const pending = this.#take(correlation)
    if (pending !== undefined) this.#failSoon(pending, () => error)
  }

  /**
   * The target's host refuses an ask, and is about to say why.
   *
   * @param progress How far it came before.
   */
  refusing(correlation: number, progress: Progress): void {
    if (this.#pending.has(correlation)) this.#refused.set(correlation, progress)
  }

  /** How far a refused ask came, if its host died before it could say so; undefined when it was not refused. */
  progressWhenRefused(correlation: number): Progress | undefined {
    return this.#refused.get(correlation)
  }

  /** Settles an ask whose target's thread went down. */
  down(correlation: number, reason: DownReason, progress: Progress | 'handled', cause: Error | undefined): void {
    const pending = this.#take(correlation)
    if (pending === undefined) return
    const { question } = pending
    this.#fail(pending, () => new ActorDownError(nameOf(question), question.method, reason, progress, { cause }))
  }

  /** The asks that wait for actors of one host. */
  waitingFor(host: number): number[] {
    return [...this.#pending]
      .filter(([, { question }]) => question.target.host === host)
      .map(([correlation]) => correlation)
  }

  /** Gives up a waiting ask, as when its signal aborts: it is withdrawn, and rejects. */
  giveUp(correlation: number, reason: unknown): void {
    if (this.#pending.get(correlation)?.question.cancel !== undefined)
      this.#giveUp(
        correlation,
        ({ question }, outcome, why) =>
          new AskAbortedError(nameOf(question), question.method, outcome, { cause: reason }, why),
      )
    else {
      const pending = this.#take(correlation)
      if (pending === undefined) return
      void this.#withdrawing(pending.question, correlation)
      // It is the asker's own, and rejects as it is.
      pending.reject(reason)
    }
  }

  /**
   * Rejects all that wait, and stops.
   *
   * @param errorOf Makes the error of each, from what it waits for in words.
   */
  rejectAll(errorOf: (awaited: string) => Error): void {
    for (const [correlation, { question, resolve }] of this.#pending) {
      this.#take(correlation)
      rejectToCaller(resolve, above => fromCaller(errorOf(awaitedOf(question)), above))
    }
    this.#deadlines.clear()
  }

  #giveUp(
    correlation: number,
    errorOf: (pending: Pending, outcome: CancelOutcome, why: string | undefined) => Error,
  ): void {
    const pending = this.#take(correlation)
    if (pending === undefined) return
    const { question } = pending
    // What the thread is in is asked first: it may be killed now.
    const stalled = this.#inquiries.stallOf(question.target)
    const cancelling = this.#withdrawing(question, correlation)
    const fail = (outcome: CancelOutcome, stall: Stall | undefined): void => {
      const hasEnded = outcome === 'thread-killed' || outcome === 'thread-down'
      const why = stall && describeStall(stall, question.target.id, hasEnded)
      this.#fail(pending, () => errorOf(pending, outcome, why))
    }
    if (stalled === undefined && cancelling === undefined) fail('signalled', undefined)
    else void Promise.all([cancelling, stalled]).then(([outcome = 'signalled', stall]) => fail(outcome, stall))
  }

  /** Fails what was refused without a message from anywhere, see `rejectedSoon`. */
  #failSoon(pending: Pending, make: () => Error): void {
    this.#clock.soon(() => this.#fail(pending, make))
  }

  /** Rejects with a new error, which shows its caller, and carries the message when it was refused. */
  #fail({ question, args, resolve }: Pending, make: () => Error): void {
    rejectToCaller(resolve, above => refusing(fromCaller(make(), above), question.ref, question.method, args))
  }

  /** Whatever comes of it, an asker that has given up goes on. */
  #withdrawing(question: Question, correlation: number): Promise<CancelOutcome> | undefined {
    try {
      return this.#withdraw(question, correlation)
    } catch (error) {
      throwUncaught(error)
      return undefined
    }
  }

  #take(correlation: number): Pending | undefined {
    const pending = this.#pending.take(correlation)
    if (pending === undefined) return undefined
    if (this.#refused.size > 0) this.#refused.delete(correlation)
    if (pending.signal !== undefined) this.#aborts.delete(pending.signal, correlation)
    const { timer, question } = pending
    if (question.load !== undefined) question.load.underWay -= 1
    if (timer !== undefined) this.#times?.asked(definitionOf(question.ref), question.method, timer)
    return pending
  }
}

function definitionOf(ref: ActorRef<object> | undefined): string {
  return ref instanceof BoundRef ? ref.data.definition : ''
}

function awaitedOf(question: Question): string {
  return `${question.method}() of ${nameOf(question)}`
}

function nameOf(question: Question): string {
  return question.ref?.toString() ?? formatService(question.target)
}
