import { whenDue, type Clock } from '@zera/core/internal'
import type { CancelOrder, CancelOutcome } from '../../model/cancel-spec.js'
import type { Guardians } from './guardians.js'
import type { Hosts } from './hosts.js'

/**
 * Makes sure that the handler of an ask that was given up ends. When the handler ignores its signal, the guardian
 * restarts the actor; when the guardian does not answer either, the thread is killed. It runs in the main thread, which
 * goes on when others spin.
 */
export class CancelLadder {
  readonly #hosts: Pick<Hosts, 'slot' | 'links' | 'killForOne'>
  readonly #guardians: Pick<Guardians, 'cancel'>
  readonly #clock: Clock

  constructor(hosts: Pick<Hosts, 'slot' | 'links' | 'killForOne'>, guardians: Pick<Guardians, 'cancel'>, clock: Clock) {
    this.#hosts = hosts
    this.#guardians = guardians
    this.#clock = clock
  }

  /** Returns when the handler has ended, and how. Never rejects. */
  async cancel(order: CancelOrder): Promise<CancelOutcome> {
    const { target, link, cancel } = order
    const slot = this.#hosts.slot(target.host)
    if (target.host !== 0 && slot?.isRunning !== true) return 'thread-down'
    // The order comes late: what is there now is the next incarnation.
    if (link > 0 && !this.#hosts.links.hasLink(link)) return 'thread-down'
    const incarnation = slot?.incarnation
    let isKilled = false
    const deadline = whenDue(this.#clock, cancel.graceMs + cancel.killMs, () => {
      if (slot === undefined || slot.incarnation !== incarnation) return
      isKilled = true
      void this.#hosts.killForOne(slot, incarnation)
    })
    try {
      return await this.#guardians.cancel(order)
    } catch {
      return isKilled ? 'thread-killed' : 'thread-down'
    } finally {
      deadline.cancel()
    }
  }
}
