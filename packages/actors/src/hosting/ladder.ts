import type { CancelOrder, CancelOutcome } from '../cancel-ladder.js'
import type { Clock } from '../clock.js'
import type { Guardians } from './guardians.js'
import type { Hosts } from './hosts.js'

/**
 * Sees to it that the handler of an ask that was given up comes to an end: its guardian restarts the actor when it does not heed its signal, and when the guardian does not answer
 * either, the thread is killed. It runs in the main thread, which goes on when others spin.
 */
export class Ladder {
  readonly #hosts: Hosts
  readonly #guardians: Guardians
  readonly #clock: Clock

  constructor(hosts: Hosts, guardians: Guardians, clock: Clock) {
    this.#hosts = hosts
    this.#guardians = guardians
    this.#clock = clock
  }

  /** Returns when the handler has ended, and how. Never rejects. */
  async cancel(order: CancelOrder): Promise<CancelOutcome> {
    const { target, cancel } = order
    const slot = this.#hosts.slot(target.host)
    if (target.host !== 0 && slot?.isRunning !== true) return 'thread-down'
    let isKilled = false
    const patience = this.#clock.after(cancel.graceMs + cancel.killMs, () => {
      if (slot === undefined) return
      isKilled = true
      void this.#hosts.killForOne(slot)
    })
    try {
      return await this.#guardians.cancel(order)
    } catch {
      return isKilled ? 'thread-killed' : 'thread-down'
    } finally {
      patience.cancel()
    }
  }
}
