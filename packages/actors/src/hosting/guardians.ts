import type { Failure } from '../actor-instance.js'
import { GUARDIAN } from '../address.js'
import type { CancelOrder, CancelOutcome } from '../cancel-ladder.js'
import type { Clock } from '../clock.js'
import type { ActorTraits } from '../directory/registry.js'
import type { Host } from '../host.js'
import type { RefData } from '../ref.js'
import type { ActorReceipt } from '../system-receipt.js'
import { ON_STOP_GRACE_MS, type StartOrder, type StopReport } from './guardian.js'
import type { Hosts } from './hosts.js'

/** Milliseconds that a thread has to answer that the stop of an actor has come to an end, before it is killed: it spins. */
const ANSWER_GRACE_MS = 500

/** The guardians of all hosts, as the supervisor in the main thread asks them. */
export class Guardians {
  readonly #hosts: Hosts
  readonly #main: Host
  readonly #clock: Clock

  constructor(hosts: Hosts, clock: Clock) {
    this.#hosts = hosts
    this.#main = hosts.main
    this.#clock = clock
  }

  /** Starts an actor, or starts it again on the next thread of its host. Throws why it did not start. */
  async start(data: RefData, props: unknown, after?: Failure): Promise<void> {
    const order: StartOrder = { data, props, ...(after === undefined ? {} : { after }) }
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

  /** Puts a new instance in the place of one that has failed. Throws why it did not start. */
  async restart({ host, id }: RefData, { error, method }: Failure): Promise<void> {
    await this.#ask(host, 'restart', [id, error, method], 'first')
  }

  /** Has the handler of an ask that was given up come to its end. Rejects when its thread goes down. */
  async cancel(order: CancelOrder): Promise<CancelOutcome> {
    return (await this.#ask(order.target.host, 'cancel', [order], 'first')) as CancelOutcome
  }

  /** Stops an actor, and answers also when its thread does not: that is killed then. Never rejects. */
  async stop({ host, id }: RefData, reason: string, shutdownMs: number): Promise<{ readonly outcome: ActorReceipt['outcome']; readonly error?: Error }> {
    this.#hosts.registry.gone(id)
    const slot = this.#hosts.slot(host)
    if (host !== 0 && slot?.isRunning !== true) return { outcome: 'lost' }
    const patienceMs = shutdownMs + ON_STOP_GRACE_MS + ANSWER_GRACE_MS
    const patience = patienceMs === Infinity ? undefined : this.#clock.after(patienceMs, () => void slot?.kill())
    try {
      // It handles first what it was sent before.
      return (await this.#ask(host, 'stop', [id, reason, shutdownMs], 'last')) as StopReport
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
