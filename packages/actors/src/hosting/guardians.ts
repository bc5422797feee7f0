import type { Failure } from '../actor-instance.js'
import { GUARDIAN } from '../address.js'
import type { CancelOrder, CancelOutcome } from '../cancel-ladder.js'
import type { Clock } from '../clock.js'
import { cloneable } from '../cloneable-error.js'
import type { ActorTraits, Registry } from '../directory/registry.js'
import type { Messenger } from '../messenger.js'
import type { RefData } from '../ref.js'
import type { ActorDown } from '../supervision/actor-down.js'
import type { ActorReceipt } from '../system-receipt.js'
import { deadlinesOf, type StartOrder, type StopReport } from './guardian.js'
import type { Hosts } from './hosts.js'

/** Milliseconds that a thread has to answer that the stop of an actor has come to an end, before it is killed: it spins. */
const ANSWER_GRACE_MS = 500

/** What became of an actor that was stopped or halted. */
export interface ActorEnd {
  readonly outcome: ActorReceipt['outcome']
  readonly error?: Error
}

/** What guardians need of the hosts. */
export interface GuardedHosts extends Pick<Hosts, 'slot' | 'killForOne'> {
  readonly main: { readonly messenger: Pick<Messenger, 'askService'> }
  readonly registry: Pick<Registry, 'starting' | 'started' | 'gone'>
}

/** The guardians of all hosts, as the supervisors in the main thread ask them. */
export class Guardians {
  readonly #hosts: GuardedHosts
  readonly #main: GuardedHosts['main']
  readonly #clock: Clock

  constructor(hosts: GuardedHosts, clock: Clock) {
    this.#hosts = hosts
    this.#main = hosts.main
    this.#clock = clock
  }

  /** Starts an actor, or starts it again, where it was or on the next thread of its host. Throws why it did not start. */
  async start(data: RefData, props: unknown, after?: Failure): Promise<void> {
    const order: StartOrder = { data, props, ...(after === undefined ? {} : { after: { ...after, error: cloneable(after.error) } }) }
    const { registry } = this.#hosts
    registry.starting(data)
    try {
      // It may be what everything else waits for.
      const traits = await this.#ask(data.host, 'start', [order], 'first')
      registry.started(data.id, traits as ActorTraits)
    } catch (error) {
      // One that is started again is its supervisor's to give up.
      if (after === undefined) registry.gone(data.id)
      throw error
    }
  }

  /** Has the handler of an ask that was given up come to its end. Rejects when its thread goes down. */
  async cancel(order: CancelOrder): Promise<CancelOutcome> {
    return (await this.#ask(order.target.host, 'cancel', [order], 'first')) as CancelOutcome
  }

  /** Opens a host whose thread has just started: messages are kept for the actors that are to be started on it, until they are. */
  open(host: number, expected: readonly number[]): void {
    // It stands before all that is said of those actors later. A thread that has gone keeps nothing.
    void this.#ask(host, 'open', [expected], 'first').catch(() => undefined)
  }

  /** Tells an actor of the end of another that it watches. */
  actorDown(host: number, watcher: number, number: number, down: ActorDown): void {
    // Who watches on a thread that has gone has gone with it.
    void this.#ask(host, 'actorDown', [watcher, number, { ...down, error: down.error && cloneable(down.error) }], 'first').catch(() => undefined)
  }

  /** Stops an actor, and answers also when its thread does not: that is killed then. Never rejects. @param spentMs What others on its thread have used up of its time. */
  async stop(data: RefData, reason: string, shutdownMs: number | 'kill', spentMs: number): Promise<ActorEnd> {
    this.#hosts.registry.gone(data.id)
    // It handles first what it was sent before.
    return this.#end('stop', data, reason, shutdownMs, spentMs, 'last')
  }

  /** Ends an actor's instance and keeps its messages, as `stop` ends the actor. Never rejects. */
  async halt(data: RefData, reason: string, shutdownMs: number | 'kill', spentMs: number): Promise<ActorEnd> {
    return this.#end('halt', data, reason, shutdownMs, spentMs, 'first')
  }

  async #end(how: 'stop' | 'halt', { host, id }: RefData, reason: string, shutdownMs: number | 'kill', spentMs: number, turn: 'first' | 'last'): Promise<ActorEnd> {
    const slot = this.#hosts.slot(host)
    if (host !== 0 && slot?.isRunning !== true) return { outcome: 'lost' }
    const { incarnation } = slot ?? {}
    if (shutdownMs === 'kill' && slot?.options.isPrivate === true) {
      await slot.kill()
      return { outcome: 'killed' }
    }
    const { hurryMs, graceMs } = deadlinesOf(shutdownMs, spentMs)
    const patienceMs = hurryMs + graceMs + ANSWER_GRACE_MS
    const patience = patienceMs === Infinity ? undefined : this.#clock.after(patienceMs, () => void (slot && this.#hosts.killForOne(slot, incarnation)))
    try {
      return (await this.#ask(host, how, [id, reason, shutdownMs, spentMs], turn)) as StopReport
    } catch {
      // A guardian answers with a report, so its thread has gone.
      return { outcome: 'lost' }
    } finally {
      patience?.cancel()
    }
  }

  #ask(host: number, method: string, args: unknown[], turn: 'first' | 'last'): Promise<unknown> {
    return this.#main.messenger.askService({ host, id: GUARDIAN }, method, args, turn)
  }
}
