import { MessageTooLargeError, toError, unowned, whenDue, type Clock, type Cancellable } from '@zera/core/internal'
import type { Failure } from '../../actor/actor-instance.js'
import type { GuardianService, StartOrder, StopOrder } from '../../host/guardian-service.js'
import type { Host } from '../../host/host.js'
import {
  serviceAt,
  type ServiceCarrier,
  type ServiceClient,
  type Turn,
} from '../../messaging/services/service-client.js'
import { GUARDIAN, type Address } from '../../model/address.js'
import type { CancelOrder, CancelOutcome } from '../../model/cancel-spec.js'
import { cloneable } from '../../model/cloneable-error.js'
import type { ActorTraits } from '../../model/definition.js'
import { describeBusy } from '../../model/events/stall.js'
import type { ActorReceipt } from '../../model/events/system-receipt.js'
import type { RefData } from '../../model/refs/ref.js'
import type { ActorDown } from '../../model/supervision/actor-down.js'
import { DEFAULT_CHILD_SPEC } from '../../model/supervision/child-spec.js'
import { deadlinesOf, hurriedDeadlines, type StopDeadlines } from '../../model/supervision/stop-deadlines.js'
import type { StopLimit } from '../../model/time/stop-limit.js'
import type { Registry } from '../registry/registry.js'
import type { HostSlot } from './host-slot.js'
import type { Hosts } from './hosts.js'
import { stallOn } from './stall-on.js'

/** Milliseconds that an answer takes at most from a thread that is not busy. */
const ANSWER_MS = 50
/** Milliseconds more for an actor's own thread that no handler keeps: it waits for a core, and answers when it has one. */
const SLOW: StopDeadlines = { hurryMs: 0, leaveMs: 200 }
/** Milliseconds more after which a shared thread that does not answer is killed: it spins. No caller waits for that. */
const SILENCE_MS = 500

/** What became of an actor that was stopped or halted. */
export interface ActorEnd {
  readonly outcome: ActorReceipt['outcome']
  readonly error?: Error
  /** The handler that kept the thread from ending it, in words. */
  readonly stalledBy?: string
}

/** How an actor, or its instance, is to end. */
export interface EndOrder {
  readonly reason: string
  readonly shutdownMs: number | 'kill'
  /** What others on its thread have used up of its time. */
  readonly spentMs: number
}

/** What guardians need of the hosts. */
export interface GuardedHosts extends Pick<Hosts, 'slot' | 'killForOne'> {
  readonly main: { readonly messenger: ServiceCarrier } & Pick<Host, 'service'>
  readonly registry: Pick<Registry, 'starting' | 'started' | 'gone' | 'identityOf'>
}

/** The guardians of all hosts, as the supervisors in the main thread call them. */
export class Guardians {
  readonly #hosts: GuardedHosts
  readonly #main: GuardedHosts['main']
  readonly #clock: Clock
  readonly #limit: StopLimit

  /** @param limit That of the stop of the system. */
  constructor(hosts: GuardedHosts, clock: Clock, limit: StopLimit) {
    this.#hosts = hosts
    this.#main = hosts.main
    this.#clock = clock
    this.#limit = limit
  }

  /**
   * Starts an actor, or starts it again, where it was or on the next thread of its host. Throws, or rejects with, why
   * it did not start. Undefined when it has started: it lives on the main thread, and had nothing to wait for.
   */
  start(
    data: RefData,
    props: unknown,
    after?: Failure,
    shutdownMs: number | 'kill' = DEFAULT_CHILD_SPEC.shutdownMs,
    instance = 0,
  ): Promise<void> | undefined {
    const order: StartOrder = {
      data,
      props,
      instance,
      ...(after === undefined ? {} : { after: { ...after, error: cloneable(after.error) } }),
      ...(shutdownMs === DEFAULT_CHILD_SPEC.shutdownMs ? {} : { shutdownMs }),
    }
    const { registry } = this.#hosts
    registry.starting(data)
    try {
      const here = data.host === 0 ? (this.#main.service(GUARDIAN) as GuardianService | undefined) : undefined
      // The system owns what it opens, whichever actor of this thread wants it.
      const traits = here === undefined ? this.#guardianOf(data.host).start(order) : unowned(() => here.start(order))
      if (traits instanceof Promise) return this.#startLater(data.id, traits, after)
      registry.started(data.id, traits)
      return undefined
    } catch (error) {
      throw this.#notStarted(data.id, after, error)
    }
  }

  async #startLater(id: number, traits: Promise<ActorTraits>, after: Failure | undefined): Promise<void> {
    try {
      this.#hosts.registry.started(id, await traits)
    } catch (error) {
      throw this.#notStarted(id, after, error)
    }
  }

  /** Returns why, which is an error whatever was thrown. One that is started again is its supervisor's to give up. */
  #notStarted(id: number, after: Failure | undefined, thrown: unknown): Error {
    if (after === undefined) this.#hosts.registry.gone(id)
    return toError(thrown)
  }

  /** Ends the handler of an ask that was given up. Rejects when its thread goes down. */
  cancel(order: CancelOrder): Promise<CancelOutcome> {
    return this.#guardianOf(order.target.host).cancel(order)
  }

  /**
   * Opens a host whose thread has just started: messages are kept for the actors that are to be started on it, until
   * they are.
   */
  open(host: number, expected: readonly number[]): void {
    // It stands before all that is said of those actors later. A thread that has gone keeps nothing.
    this.#guardianOf(host).tell.open(expected)
  }

  /** Makes an instance of an actor fail whose child was restarted too often. */
  escalate({ host, id }: Address, instance: number, error: Error): void {
    // If its thread has gone, its children are stopped with it.
    this.#guardianOf(host).tell.escalate(id, instance, cloneable(error))
  }

  /** Tells an actor of the end of another that it watches. */
  actorDown(host: number, watcher: number, number: number, down: ActorDown): void {
    // A watcher on a thread that has gone has gone with it.
    const { tell } = this.#guardianOf(host)
    try {
      tell.actorDown(watcher, number, { ...down, error: down.error && cloneable(down.error) })
    } catch (tooLarge) {
      if (!(tooLarge instanceof MessageTooLargeError)) throw tooLarge
      tell.actorDown(watcher, number, { ...down, error: tooLarge })
    }
  }

  /** Stops an actor, and answers in time even when its thread does not: it then kills that thread. Never rejects. */
  async stop(data: RefData, order: EndOrder): Promise<ActorEnd> {
    this.#hosts.registry.gone(data.id)
    return this.#end('stop', data, order)
  }

  /** Ends an actor's instance and keeps its messages, as `stop` ends the actor. Never rejects. */
  async halt(data: RefData, order: EndOrder): Promise<ActorEnd> {
    return this.#end('halt', data, order)
  }

  async #end(
    how: 'stop' | 'halt',
    { host, id }: RefData,
    { reason, shutdownMs, spentMs }: EndOrder,
  ): Promise<ActorEnd> {
    const slot = this.#hosts.slot(host)
    if (host !== 0 && slot?.isRunning !== true) return { outcome: 'lost' }
    if (shutdownMs === 'kill' && slot?.options.isPrivate === true) {
      await this.#limit.unless('killed', slot.kill())
      return { outcome: 'killed' }
    }
    const { incarnation } = slot ?? {}
    const deadlines = deadlinesOf(shutdownMs, spentMs, this.#limit.leftMs())
    const order: StopOrder = { ...deadlines, reason, runsOnStop: shutdownMs !== 'kill' }
    // An actor that stops handles first what it was sent before. A guardian answers with a report, so when none comes its thread has gone.
    const guardian = this.#guardianOf(host, how === 'stop' ? 'last' : 'first')
    const answer = guardian[how](id, order).catch((): ActorEnd => ({
      outcome: this.#limit.has('killed') ? 'killed' : 'lost',
    }))
    const report = await this.#inTime(answer, deadlines, () => this.#guardianOf(host).tell.hurry(id))
    return report ?? (await this.#giveUp(slot, incarnation, answer))
  }

  /**
   * Waits for an answer as long as the stop may take. Undefined when it has not come.
   *
   * @param hurry Hurries what is being stopped.
   */
  async #inTime(answer: Promise<ActorEnd>, deadlines: StopDeadlines, hurry: () => void): Promise<ActorEnd | undefined> {
    let giveUp: () => void = () => undefined
    const late = new Promise<undefined>(resolve => (giveUp = () => resolve(undefined)))
    let timer: Cancellable | undefined
    const waitAtMost = ({ leaveMs }: StopDeadlines): void => {
      timer?.cancel()
      timer = leaveMs === Infinity ? undefined : whenDue(this.#clock, leaveMs + ANSWER_MS, giveUp)
    }
    waitAtMost(deadlines)
    const releases = [this.#limit.on('killed', giveUp)]
    if (!this.#limit.has('hurried')) {
      releases.push(
        this.#limit.on('hurried', () => {
          waitAtMost(hurriedDeadlines(deadlines))
          hurry()
        }),
      )
    }
    try {
      return await Promise.race([answer, late])
    } finally {
      timer?.cancel()
      for (const release of releases) release()
    }
  }

  /**
   * A thread did not answer in time. An actor's own thread is killed with it, at once where a handler keeps it. A
   * shared thread may only be busy, and gets more time, for which no caller waits.
   */
  async #giveUp(
    slot: HostSlot | undefined,
    incarnation: number | undefined,
    answer: Promise<ActorEnd>,
  ): Promise<ActorEnd> {
    if (slot === undefined) return { outcome: 'hurried' }
    const busy = stallOn(slot.number, this.#hosts, this.#clock)
    const stalled = busy && { stalledBy: describeBusy(busy) }
    const kill = (): Promise<void> => this.#hosts.killForOne(slot, incarnation)
    if (slot.options.isPrivate || this.#limit.has('killed')) {
      const late =
        busy === undefined && !this.#limit.has('killed') && (await this.#inTime(answer, SLOW, () => undefined))
      if (late) return late
      // Where the system kills all that is left it waits for all of them together.
      await this.#limit.unless('killed', kill())
      return { outcome: 'killed', ...stalled }
    }
    slot.isSilent = true
    const silence = whenDue(this.#clock, SILENCE_MS, () => void kill())
    void answer.then(() => {
      silence.cancel()
      slot.isSilent = false
    })
    return { outcome: 'hurried', ...stalled }
  }

  #guardianOf(host: number, turn?: Turn): ServiceClient<GuardianService> {
    return serviceAt<GuardianService>(this.#main.messenger, { host, id: GUARDIAN }, turn)
  }
}
