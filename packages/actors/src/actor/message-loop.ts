import {
  isStreamed,
  realTimers,
  throwUncaught,
  toError,
  whenSending,
  type Clock,
  type Owner,
  type Progress,
} from '@zera/core/internal'
import { envelopeOf, isKept, NOBODY, type Envelope, type Origin } from '../messaging/envelope.js'
import { behindGate, type OutputGate } from '../messaging/output-gate.js'
import type { Recipient } from '../messaging/recipients.js'
import type { HostTimes } from '../messaging/times/host-times.js'
import { MessageTimer } from '../messaging/times/message-timer.js'
import { handleTraced } from '../messaging/tracing/trace-context.js'
import type { TraceLog } from '../messaging/tracing/trace-log.js'
import { enterActor, leaveActor, type ActorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { Cancellation } from '../model/cancellation.js'
import { NotDurableError } from '../model/durability/durability-errors.js'
import { UnknownMethodError } from '../model/errors.js'
import type { DeadLetterReason } from '../model/events/dead-letter.js'
import type { Logger } from '../model/log.js'
import type { TracedMessage } from '../model/observing/observed-system.js'
import { thenOf, whenSettled, type Then } from '../model/time/thenable.js'
import type { ActorRecord, BlackBox } from './black-box/black-box.js'
import { Dispatcher, isOfStream } from './dispatcher.js'
import { isLimited, Mailbox } from './mailbox.js'
import type { Runnable, Scheduler } from './scheduler.js'
import { SelfMessages, type SelfMessage } from './self-messages.js'
import { dropStreamed, onlyStreamed } from './streams/streamed-value.js'

/** What a message loop needs of a state that is kept. */
interface Durable {
  /** What the messages of the instance go through. */
  readonly gate: OutputGate
  gated(origin: Origin): Origin
  failed(envelope: Envelope): void
  part(): void
  handled(envelope: Envelope): void
  /** Handles an ask with an id, or gets what was answered to the same before. */
  once(envelope: Envelope, handle: () => unknown): Promise<unknown>
  answered(envelope: Envelope, value: unknown): void
  /** Whether it waits for a commit before it handles more. */
  readonly isFull: boolean
  arrives(envelope: Envelope): 'now' | 'held' | 'left'
  remove(envelope: Envelope): boolean
  takeHeld(): Envelope[]
  setAside(envelope: Envelope): void
  givenBack(envelope: Envelope): void
  close(): void
}

/** What a message loop needs around it. */
export interface MessageLoopOwner {
  readonly host: {
    readonly scheduler: Scheduler
    readonly clock: Clock
    readonly blackBox: Pick<BlackBox, 'now'>
    readonly times: HostTimes | undefined
    readonly traces: TraceLog
  }
  readonly record: ActorRecord
  /** That of its instance, and what owns what that opens. */
  readonly context: ActorContext
  readonly owner: Owner
  readonly definition: ActorDefinition<object>
  /** Which actor it is, for errors. */
  readonly self: { toString(): string }
  readonly log: Logger
  /** Undefined when its state is not kept. */
  readonly durable: Durable | undefined
  deadLetter(envelope: Envelope, reason: DeadLetterReason, error?: Error, progress?: Progress): void
  /** A handler, or the generator of a stream, has thrown, and the loop holds what is behind it. */
  failed(error: Error, method: string): void
}

/**
 * The mailbox of one actor, and the handling of its messages: one at a time, in the order of arrival, each to its end.
 * The generator of a stream is the exception: while it waits, the actor handles other messages, and it goes on in its
 * turn.
 *
 * The loop reports every outcome of a message to its origin, and reports once that the message is over.
 */
export class MessageLoop implements Recipient, Runnable {
  readonly mailbox: Mailbox
  readonly dispatcher: Dispatcher
  readonly #owner: MessageLoopOwner
  readonly #scheduler: Scheduler
  /** Undefined when nothing is measured. */
  readonly #timer: MessageTimer | undefined
  readonly #durable: Durable | undefined
  #state: 'holding' | 'running' | 'closed' = 'holding'
  #self: SelfMessages | undefined
  #current: Envelope | undefined
  /** The current message, if it came with a traceparent. */
  #traced: TracedMessage | undefined
  #cancel: Cancellation | undefined
  #isStashing = false
  /** Whether senders' messages are still taken. */
  #isOpen = true
  /** Whether the scheduler has it, or runs it. */
  #isQueued = false
  #settled: (() => void) | undefined
  /** Callers that wait for the current message to be over. */
  #over: (() => void) | undefined
  /** Whether it will be seen soon if a generator waits. */
  #looksSoon = false
  /** What the actor fails with when the current message is over, such as what a generator threw meanwhile. */
  #failure: { readonly error: Error; readonly method: string } | undefined

  constructor(owner: MessageLoopOwner) {
    this.#owner = owner
    this.#scheduler = owner.host.scheduler
    this.#durable = owner.durable
    const { times } = owner.host
    this.#timer = times && new MessageTimer(times, owner.definition.name)
    this.mailbox = new Mailbox(owner.definition.mailbox)
    this.dispatcher = new Dispatcher(owner.definition, () => ({
      clock: owner.host.clock,
      log: owner.log,
      goOn: opening => this.#deliverOfStream('more', opening, [0, opening]),
      failed: (error, method) => this.fail(error, method),
      isStashing: () => this.#isStashing,
    }))
  }

  /** The actor's messages to itself; many actors never send any. */
  get self(): SelfMessages {
    if (this.#self === undefined) {
      this.#self = new SelfMessages({
        clock: this.#owner.host.clock,
        isIdle: () => this.isIdle && this.dispatcher.streams?.haveWaiting !== true,
        post: message => this.#postToSelf(message),
      })
      if (!this.#isOpen) this.#self.stopTimers()
    }
    return this.#self
  }

  /** How much goes on, or is still to come, without another message. */
  get underWay(): number {
    return (
      this.mailbox.size +
      (this.#current === undefined ? 0 : 1) +
      (this.#self?.pending ?? 0) +
      (this.dispatcher.streams?.size ?? 0)
    )
  }

  /** The current message. */
  get current(): Envelope | undefined {
    return this.#current
  }

  /** Whether nothing waits and nothing is being handled. */
  get isIdle(): boolean {
    return this.#current === undefined && this.mailbox.isEmpty
  }

  /** Whether nothing is left to do before the actor ends. */
  get isDrained(): boolean {
    return this.#current === undefined && (this.mailbox.isEmpty || this.mailbox.isDrained)
  }

  /** The current call; for a message of a stream, the call that opened it. */
  get call(): Envelope | undefined {
    return this.#current && this.#callOf(this.#current)
  }

  /** Tells the handler of the current message to give up; a stream has one for all its pulls. */
  get cancellation(): Cancellation {
    const current = this.#current
    const reader =
      current === undefined ? this.dispatcher.streams?.soleWaiting : this.dispatcher.streamOf(current)?.reader
    return reader ?? this.#ownCancellation()
  }

  /** Lets the methods of an instance handle messages from now on, waiting ones first. */
  run(actor: object): void {
    this.dispatcher.use(actor)
    this.#state = 'running'
    this.#schedule()
  }

  /** Releases a failed instance, and breaks its streams; messages wait for the next instance. */
  hold(): void {
    this.#state = 'holding'
    this.dispatcher.release('restarted')
    this.#self?.clear()
    this.mailbox.unstashAll()
    this.#cancel = undefined
    this.#failure = undefined
  }

  /**
   * The actor is stopping: from now on this gives back what senders send, and takes nothing from timers. What is here
   * already is handled; streams go on for as long as that takes.
   */
  closeDoor(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.mailbox.close()
    this.#durable?.close()
    this.#self?.stopTimers()
  }

  /** Resolves when the loop is drained, or a handler has thrown. */
  async settled(): Promise<void> {
    if (!this.isDrained && this.#state === 'running') await new Promise<void>(resolve => (this.#settled = resolve))
  }

  /** Whether the current message is a certain ask of a host, by its number. */
  isHandling(asker: number, correlation: number): boolean {
    return (
      this.#current?.kind === 'ask' && this.#current.correlation === correlation && this.#current.origin.host === asker
    )
  }

  /** Resolves when the current message is over. */
  currentIsOver(): Promise<void> {
    const others = this.#over
    return new Promise(resolve => {
      this.#over = () => {
        others?.()
        resolve()
      }
    })
  }

  /** Gives up the current message, as if its handler had thrown, and holds the messages behind it. */
  abandon(error: Error): void {
    const envelope = this.#current
    if (envelope === undefined) return
    this.#state = 'holding'
    this.#finish(envelope)
    this.#owner.failed(error, this.#callOf(envelope).method)
  }

  /** The actor fails, once the current message is over: that message did nothing wrong. */
  fail(error: Error, method: string): void {
    this.#failure ??= { error, method }
    if (this.#current === undefined) this.#failNow()
  }

  /** Messages that were handled, and have not been after all, come before all others; a stream does not begin again. */
  putBack(handled: readonly Envelope[]): void {
    const again = handled.filter(({ kind }) => kind === 'tell' || kind === 'ask')
    for (const envelope of handled) if (envelope.kind === 'stream') envelope.origin.finish(envelope)
    if (this.#state !== 'closed') this.mailbox.putBack(again)
    else for (const envelope of again) this.#giveBack(envelope, 'stopped')
    this.#schedule()
  }

  /** A message that was handled is the reason that nothing of it is kept. */
  refuseHandled(envelope: Envelope, error: Error): void {
    this.#durable?.failed(envelope)
    if (envelope.kind === 'tell') this.#owner.deadLetter(envelope, 'handler-threw', error)
    else envelope.origin.refuse(envelope, { kind: 'threw', error })
    envelope.origin.finish(envelope)
  }

  /** Messages that a store keeps come again from there, and the others behind them. */
  dropKept(): void {
    for (const envelope of this.mailbox.takeSent()) {
      if (isKept(envelope)) envelope.origin.finish(envelope)
      else this.deliver(envelope)
    }
  }

  /** Its state is kept: it may handle more. */
  resume(): void {
    this.#schedule()
  }

  /** Messages that were handled, of which no one knows whether that is kept. */
  interrupt(handled: readonly Envelope[]): void {
    for (const envelope of handled) this.#giveBack(envelope, 'interrupted')
  }

  /** Ends the streams of an instance that is stopped so that another can replace it. */
  endStreams(): void {
    this.dispatcher.streams?.closeAll('restarted')
  }

  /**
   * Resolves when the generators of ended streams have finished, as far as the actor waits for them; undefined when
   * none is still running.
   */
  streamsEnded(): Promise<unknown> | undefined {
    return this.dispatcher.streams?.ended()
  }

  /** Starts no more messages; resolves when the current one is done. */
  async pause(): Promise<void> {
    this.#state = 'holding'
    if (this.#current !== undefined) await this.currentIsOver()
  }

  /**
   * Gives back the current message; its handler's signal aborts, and the handler is left alone. Returns whether there
   * was one.
   */
  abandonCurrent(why: string): boolean {
    const current = this.#current
    if (current === undefined) {
      this.#ownCancellation().cancel(why)
      return false
    }
    this.cancellation.cancel(why)
    this.#giveBack(current, 'interrupted')
    // What was measured of it is not that of the next message.
    this.#timer?.end(undefined)
    this.#leaveCurrent()
    return true
  }

  /**
   * Gives back all waiting messages, the current one, and from now on whatever arrives. The current handler's signal
   * aborts, and the handler is left alone.
   */
  close(why: string): void {
    this.#isOpen = false
    this.#state = 'closed'
    this.#self?.clear()
    this.abandonCurrent(why)
    this.#timer?.flush()
    for (const envelope of this.mailbox.takeAll()) this.#giveBack(envelope, 'stopped')
    for (const envelope of this.#durable?.takeHeld() ?? []) this.#giveBack(envelope, 'stopped')
    this.dispatcher.release('stopped')
  }

  /** Adds a message. */
  deliver(envelope: Envelope): void {
    if (this.#isOpen && this.#durable !== undefined) {
      const place = this.#durable.arrives(envelope)
      if (place === 'left') envelope.origin.finish(envelope)
      if (place !== 'now') return
    }
    if (!this.#isOpen && (this.#state === 'closed' || isLimited(envelope))) {
      this.#giveBack(envelope, this.#state === 'closed' ? 'stopped' : 'stopping')
      return
    }
    if (this.#timer !== undefined) envelope.stamp = this.#timer.arrived(!this.#isQueued && this.#current === undefined)
    if (this.#durable !== undefined) envelope.origin = this.#durable.gated(envelope.origin)
    const displaced = this.mailbox.add(envelope)
    if (displaced !== undefined) this.#giveBack(displaced, 'mailbox-full')
    this.#schedule()
  }

  /**
   * Withdraws a message whose asker gave up: takes it out of the mailbox, aborts its handler's signal, or ends its
   * stream.
   */
  withdraw(envelope: Envelope): void {
    if (this.dispatcher.streams?.leave(envelope) === true) {
      this.#deliverOfStream('close', envelope, [envelope])
    } else if (this.#current === envelope) {
      this.cancellation.cancel('The asker has given up')
    } else if (this.mailbox.remove(envelope) || this.#durable?.remove(envelope) === true) {
      this.#owner.deadLetter(envelope, 'withdrawn')
      envelope.origin.finish(envelope)
      if (this.isDrained) this.#settled?.()
    }
  }

  /** Sets the current message aside when its handler is done: it is handled again after `unstashAll`. */
  stash(): void {
    const { kind } = this.#current ?? {}
    if (kind !== 'tell' && kind !== 'ask' && kind !== 'stream')
      throw new TypeError(
        'Cannot stash: no message of a sender is being handled; call stash() in the method that handles it',
      )
    if (kind === 'stream') this.#putStreamAside(this.#current as Envelope)
    this.#isStashing = true
  }

  /** Puts back all stashed messages, ahead of those that have arrived since. */
  unstashAll(): void {
    this.mailbox.unstashAll()
    this.#schedule()
  }

  /** Handles the next message. Called by the scheduler. */
  runOne(): boolean {
    const envelope = this.#canRun() ? this.mailbox.take() : undefined
    if (envelope !== undefined) {
      try {
        this.#handle(envelope)
      } catch (error) {
        this.#escaped(envelope, error)
      }
    }
    this.#isQueued = this.#canRun()
    return this.#isQueued
  }

  #look(): void {
    this.#looksSoon = false
    const current = this.#current
    if (current === undefined || !isOfStream(current) || this.#isStashing) return
    this.dispatcher.streamOf(current)?.letGo()
    try {
      this.#handled(current)
    } catch (error) {
      this.#escaped(current, error)
    }
  }

  #schedule(): void {
    if (this.#isQueued || !this.#canRun()) return
    this.#isQueued = true
    this.#scheduler.add(this)
  }

  #canRun(): boolean {
    return (
      this.#state === 'running' &&
      this.#current === undefined &&
      !this.mailbox.isEmpty &&
      this.#durable?.isFull !== true
    )
  }

  #handle(envelope: Envelope): void {
    this.#current = envelope
    this.#cancel = undefined
    this.#isStashing = false
    let result: unknown
    let then: Then | undefined
    try {
      // Looking up a method may run an accessor of the actor, and so may inspecting its result.
      if (!this.dispatcher.knows(envelope)) {
        this.#refuseMisuse(envelope, this.dispatcher.problemOf(envelope))
        this.#handled(envelope)
        return
      }
      if (envelope.id !== undefined && this.#durable === undefined) {
        envelope.origin.refuse(envelope, { kind: 'threw', error: keepsNoAnswers(this.#owner.self) })
        this.#finish(envelope)
        return
      }
      if (envelope.origin.begin(envelope) === false) {
        this.#owner.deadLetter(envelope, 'withdrawn')
        this.#finish(envelope)
        return
      }
      this.#owner.record.begin(envelope, this.mailbox.size)
      if (envelope.stamp !== 0) this.#timer?.begin(envelope.stamp, this.#timedMethod(envelope))
      result =
        envelope.traceparent === undefined
          ? this.#dispatch(envelope)
          : this.#dispatchTraced(envelope, envelope.traceparent)
      then = thenOf(result)
    } catch (error) {
      this.#threw(envelope, error)
      return
    }
    if (then === undefined) {
      this.#returned(envelope, result)
      return
    }
    this.#owner.record.yield()
    this.#timer?.yield(this.#owner.host.blackBox.now)
    if (isOfStream(envelope)) this.#lookSoon()
    whenSettled(
      result,
      then,
      value => this.#settledLater(envelope, value, undefined),
      (error: unknown) => this.#settledLater(envelope, undefined, { error }),
    )
  }

  #settledLater(envelope: Envelope, value: unknown, thrown: { readonly error: unknown } | undefined): void {
    try {
      if (thrown === undefined) this.#returned(envelope, value)
      else this.#threw(envelope, thrown.error)
    } catch (error) {
      this.#escaped(envelope, error)
    }
  }

  /**
   * Something went wrong while handling a message, outside of its handler. The actor fails as if its handler had
   * failed; no other actor of the thread does.
   */
  #escaped(envelope: Envelope, error: unknown): void {
    try {
      if (this.#current === envelope) this.#threw(envelope, error)
      else throwUncaught(error)
    } catch (another) {
      throwUncaught(another)
      this.#leaveCurrent()
    }
  }

  #dispatch(envelope: Envelope): unknown {
    return this.#durable === undefined ? this.#call(envelope) : this.#dispatchKept(this.#durable, envelope)
  }

  #call(envelope: Envelope): unknown {
    const { context, owner } = this.#owner
    const outer = enterActor(context, owner)
    try {
      return this.dispatcher.dispatch(envelope)
    } finally {
      leaveActor(outer)
    }
  }

  /** What was handled before does not wait for one that may take long. */
  #dispatchKept(durable: Durable, envelope: Envelope): unknown {
    if (envelope.id !== undefined || this.dispatcher.isAsync(envelope)) durable.part()
    const dispatch = (): unknown => behindGate(durable.gate, () => this.#call(envelope))
    return envelope.id === undefined ? dispatch() : durable.once(envelope, dispatch)
  }

  #dispatchTraced(envelope: Envelope, traceparent: string): unknown {
    const { definition, host } = this.#owner
    const { to: actor, method } = envelope
    this.#traced = host.traces.begin(traceparent, { actor, definition: definition.name, method })
    return handleTraced(traceparent, `${definition.name}.${method}`, () => this.#dispatch(envelope))
  }

  #returned(envelope: Envelope, value: unknown): void {
    // If the loop was closed, the message was given back.
    if (this.#current !== envelope) return
    if (this.#isStashing) {
      if (envelope.kind === 'stream') void this.dispatcher.streams?.close(envelope)
      this.mailbox.stash(envelope)
      this.#durable?.setAside(envelope)
      // It is counted when it has been handled.
      this.#goOn(undefined)
      return
    }
    if ((envelope.kind === 'ask' || envelope.kind === 'tell') && isStreamed(value)) {
      dropStreamed(value)
      this.#refuseMisuse(envelope, onlyStreamed(envelope.method))
    } else if (envelope.kind === 'ask') {
      if (envelope.id !== undefined) this.#durable?.answered(envelope, value)
      try {
        envelope.origin.answer(envelope, value)
      } catch (error) {
        // It cannot be cloned. That is not a failure of the actor, whose state is intact.
        const unsent = whenSending(`the answer of ${envelope.method}()`, error)
        envelope.origin.refuse(envelope, { kind: 'threw', error: toError(unsent) })
      }
    }
    this.#handled(envelope)
  }

  #threw(envelope: Envelope, thrown: unknown): void {
    if (this.#current !== envelope) return
    let error = toError(thrown)
    // A handler that stops because its signal aborted has done nothing wrong; its asker has an error already.
    if (this.cancellation.explains(error)) {
      try {
        this.#handled(envelope)
        return
      } catch (unkept) {
        error = toError(unkept)
      }
    }
    this.#state = 'holding'
    this.#durable?.failed(envelope)
    this.#timer?.fail()
    if (this.#traced !== undefined) this.#traced.hasThrown = true
    try {
      if (envelope.kind === 'tell') this.#owner.deadLetter(envelope, 'handler-threw', error)
      else envelope.origin.refuse(envelope, { kind: 'threw', error })
      this.#finish(envelope)
    } finally {
      this.#owner.failed(error, this.#callOf(envelope).method)
    }
  }

  /**
   * When all promises that can settle have settled and a generator still waits, it waits for something that may never
   * come, or that the actor's own methods provide. So the actor handles other messages meanwhile.
   */
  #lookSoon(): void {
    if (this.#looksSoon) return
    this.#looksSoon = true
    whenPromisesSettled(() => this.#look())
  }

  #failNow(): void {
    const failure = this.#failure
    if (failure === undefined || this.#state !== 'running') return
    this.#failure = undefined
    this.#state = 'holding'
    this.#owner.failed(failure.error, failure.method)
  }

  #putStreamAside(opening: Envelope): void {
    if (this.dispatcher.streamOf(opening)?.hasSent === true)
      throw new TypeError(
        `Cannot stash: the stream of ${opening.method}() has had items already; call stash() before the first yield`,
      )
    this.dispatcher.streams?.putAside(opening)
  }

  #deliverOfStream(kind: 'more' | 'close', { to, from, method, correlation }: Envelope, args: unknown[]): void {
    this.deliver(envelopeOf({ kind, to, from, method, args, origin: NOBODY, correlation }))
  }

  /** The method that a message counts for, if it counts. */
  #timedMethod(envelope: Envelope): string | undefined {
    const { kind } = envelope
    if (kind === 'tell' || kind === 'ask' || kind === 'stream') return envelope.method
    return kind === 'more' ? this.dispatcher.streamOf(envelope)?.opening.method : undefined
  }

  #callOf(envelope: Envelope): Envelope {
    return this.dispatcher.streamOf(envelope)?.opening ?? envelope
  }

  #ownCancellation(): Cancellation {
    this.#cancel ??= new Cancellation()
    return this.#cancel
  }

  /** A message is over when what its handler has done is kept, if it is to be kept. */
  #handled(envelope: Envelope): void {
    if (this.#durable === undefined) return this.#finish(envelope)
    this.#durable.handled(envelope)
    this.#afterMessage(envelope)
  }

  #finish(envelope: Envelope): void {
    envelope.origin.finish(envelope)
    this.#afterMessage(envelope)
  }

  #afterMessage(envelope: Envelope): void {
    if (envelope.kind !== 'self') this.#self?.touch()
    this.#goOn(this.#timer && this.#timedMethod(envelope))
  }

  /** @param method For which what was handled counts. */
  #goOn(method: string | undefined): void {
    if (this.#owner.record.end()) this.#timer?.end(method)
    if (this.#traced !== undefined) this.#owner.host.traces.end(this.#traced)
    this.#leaveCurrent()
    this.#cancel = undefined
    if (this.#failure !== undefined) this.#failNow()
    if (this.#state === 'holding' || this.isDrained) {
      this.#timer?.flush()
      this.#settled?.()
    } else this.#schedule()
  }

  #leaveCurrent(): void {
    this.#current = undefined
    this.#traced = undefined
    if (this.#over === undefined) return
    this.#over()
    this.#over = undefined
  }

  #postToSelf(message: SelfMessage): void {
    this.deliver(envelopeOf({ kind: 'self', to: 0, method: 'a message to itself', args: [message], origin: NOBODY }))
  }

  /** Tells the sender that its message was not handled, in the way in which it was sent. */
  #refuse(envelope: Envelope, kind: 'stopped' | 'stopping' | 'interrupted' | 'mailbox-full'): void {
    if (envelope.kind !== 'tell') envelope.origin.refuse(envelope, { kind })
    else if (kind === 'mailbox-full') this.#owner.deadLetter(envelope, kind)
    else this.#owner.deadLetter(envelope, 'actor-stopped', undefined, kind === 'interrupted' ? 'begun' : 'not-begun')
  }

  /** The sender has made a mistake, which is nothing to the actor. */
  #refuseMisuse(envelope: Envelope, problem: string): void {
    if (envelope.kind !== 'tell') envelope.origin.refuse(envelope, { kind: 'unknown-method', problem })
    else {
      const error = new UnknownMethodError(this.#owner.self.toString(), envelope.method, problem)
      this.#owner.deadLetter(envelope, 'unknown-method', error)
    }
  }

  #giveBack(envelope: Envelope, why: 'stopped' | 'stopping' | 'interrupted' | 'mailbox-full'): void {
    // One that was delivered again had been begun by an incarnation before, and a stream that takes more has begun.
    const wasBegun = why !== 'mailbox-full' && (envelope.kind === 'more' || (envelope.redelivered ?? 0) > 0)
    this.#refuse(envelope, wasBegun ? 'interrupted' : why)
    this.#durable?.givenBack(envelope)
    envelope.origin.finish(envelope)
  }
}

const RESOLVED = Promise.resolve()

function keepsNoAnswers(self: { toString(): string }): Error {
  const problem = 'it is not durable, so it keeps no answers; define it with { durable: true }'
  return new NotDurableError(self.toString(), problem, 'ask with an id')
}

/** Runs a function when all promises that can settle now have settled, before the event loop continues. */
function whenPromisesSettled(run: () => void): void {
  // A tick alone would come before them if no promise brought us here.
  void RESOLVED.then(() => realTimers.nextTick(run))
}
