import { throwUncaught, type Down } from '@zera/core/internal'
import type { Host } from '../../host/host.js'
import { NO_STREAK } from '../../model/supervision/backoff.js'
import type { Registry } from '../registry/registry.js'
import type { HostSlot, LeftByThread } from './host-slot.js'
import type { Switchboard } from './switchboard.js'
import { ThreadReceipts } from './thread-receipts.js'

/** What follows when a host is down. */
export interface HostDownOwner {
  /** Messages that a thread held for itself died with it. */
  messagesLost(host: number, messages: number): void
  /** All is settled that can be at once, and the thread was not stopped. */
  hostDown(slot: HostSlot, down: Down): void
}

/**
 * What runs when the thread of a host has ended: the other hosts learn of it and settle what they exchanged with it,
 * its receipt is kept, and what died with it is counted. The owner then starts the next thread.
 */
export class HostDown {
  /** The receipts of threads that have ended. */
  readonly receipts = new ThreadReceipts()
  readonly #owner: HostDownOwner
  readonly #main: Host
  readonly #registry: Registry
  readonly #switchboard: Switchboard
  readonly #killedForOne = new Set<number>()
  readonly #counting = new Set<Promise<void>>()
  /** Of the messages that hosts hold, those that they have reported lost themselves. */
  readonly #counted = new Map<number, number>()

  constructor(owner: HostDownOwner, main: Host, registry: Registry, switchboard: Switchboard) {
    this.#owner = owner
    this.#main = main
    this.#registry = registry
    this.#switchboard = switchboard
  }

  /** The thread of a host is about to be killed because of one actor. */
  killsForOne(host: number): void {
    this.#killedForOne.add(host)
  }

  /** So many of the messages that a host holds were reported as lost. */
  countedAlready(host: number, messages: number): void {
    this.#counted.set(host, (this.#counted.get(host) ?? 0) + messages)
  }

  /** Resolves when all that dead hosts had left is settled and counted. */
  async settled(): Promise<void> {
    await this.#main.peers.settled()
    await Promise.all(this.#counting)
  }

  /** The thread of a slot has ended. */
  ended(slot: HostSlot, down: Down, { lost, accounts }: LeftByThread): void {
    const keepsUnbegun = this.#killedForOne.delete(slot.number)
    const redelivery = slot.isStopping ? undefined : this.#registry.redeliveryOn(slot.number, keepsUnbegun)
    const orphaned = this.#switchboard.leave(slot.number, { ...down, redelivery }, accounts)
    if (slot.lastReceipt !== undefined) this.receipts.add(slot.lastReceipt)
    // A deliberate kill does not suggest that the next one dies as soon.
    if (down.reason === 'killed') slot.streak = NO_STREAK
    const counting = this.#count(slot.number, lost, orphaned)
      .catch(throwUncaught)
      .finally(() => this.#counting.delete(counting))
    this.#counting.add(counting)
    if (!slot.isStopping) this.#owner.hostDown(slot, down)
  }

  /**
   * Counts the messages that died with a host: those that it held, and those that no side is left to settle. First
   * receives what the host itself has reported of its links to hosts that went down before it.
   */
  async #count(host: number, held: number, orphaned: readonly number[]): Promise<void> {
    await this.#main.peers.settledByNow()
    const counted = this.#counted.get(host) ?? 0
    this.#counted.delete(host)
    // One that closes holds them no more.
    const lost = Math.max(0, held - counted) + this.#switchboard.closeAccounts(orphaned)
    if (lost > 0) this.#owner.messagesLost(host, lost)
  }
}
