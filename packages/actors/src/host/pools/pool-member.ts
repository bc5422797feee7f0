import type { Cell } from '../../actor/cell.js'
import { serviceAt, type ServiceCarrier } from '../../messaging/services/service-client.js'
import { GUARDIAN, type Address } from '../../model/address.js'
import type { GuardianService } from '../guardian-service.js'
import type { PoolSender, PoolTable } from './pool-sender.js'

/** What one worker is doing. */
export interface WorkerReport {
  readonly id: number
  readonly waiting: number
  readonly isBusy: boolean
  /** Messages that it has ever had, except for those that wait. */
  readonly handled: number
  /** The heap of its thread. */
  readonly heapBytes: number
  /** The resident memory of its process. */
  readonly rssBytes: number
}

/** What a member needs from its host. */
interface PoolMemberHost {
  readonly number: number
  readonly messenger: ServiceCarrier
  cell(id: number): Pick<Cell, 'loop' | 'isHandling'> | undefined
}

/** What the main thread can request for pools on one host. */
export class PoolMember {
  readonly #host: PoolMemberHost
  readonly #sender: PoolSender

  constructor(host: PoolMemberHost, sender: PoolSender) {
    this.#host = host
    this.#sender = sender
  }

  /**
   * Uses a new table from now on. Returns when workers no longer in it have received everything that this host had sent
   * them: a `last` message to a host arrives after all earlier ones.
   */
  async set(table: PoolTable): Promise<void> {
    const stay = new Set(table.workers.map(({ id }) => id))
    const left = this.#sender.workersOf(table.id).filter(({ id }) => !stay.has(id))
    this.#sender.set(table)
    await this.#delivered(left)
  }

  /**
   * A pool is stopping: refuses what is sent to it, and returns when its workers have received everything that this
   * host had sent them.
   */
  async close(id: number): Promise<void> {
    const left = this.#sender.workersOf(id)
    this.#sender.close(id)
    await this.#delivered(left)
  }

  /** Forgets a pool that has stopped. */
  delete(id: number): void {
    this.#sender.delete(id)
  }

  /** What the workers that live here are doing. */
  report(ids: readonly number[]): WorkerReport[] {
    const { heapUsed: heapBytes, rss: rssBytes } = process.memoryUsage()
    return ids.flatMap(id => {
      const cell = this.#host.cell(id)
      if (cell === undefined) return []
      const { waiting, received } = cell.loop.mailbox.statistics
      return [{ id, waiting, isBusy: cell.isHandling, handled: received - waiting, heapBytes, rssBytes }]
    })
  }

  async #delivered(workers: readonly Address[]): Promise<void> {
    const hosts = new Set(workers.map(({ host }) => host))
    hosts.delete(this.#host.number)
    // For a host that went down, everything sent to it is settled.
    await Promise.all(
      [...hosts].map(host =>
        serviceAt<GuardianService>(this.#host.messenger, { host, id: GUARDIAN }, 'last')
          .arrived()
          .catch(() => undefined),
      ),
    )
  }
}
