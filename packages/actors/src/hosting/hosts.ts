import { words, type Down, type LinkEnd, type ThreadReceipt } from '@zera/core'
import type { PeerDown } from '../connection-host.js'
import { Registry } from '../directory/registry.js'
import type { Host } from '../host.js'
import type { Transport } from '../transport.js'
import { HostSlot, type SlotOptions } from './host-slot.js'
import { Switchboard } from './switchboard.js'

/** What the system wants to know of its hosts. */
export interface HostsOwner {
  hostStarted(slot: HostSlot): void
  /** A thread has ended that was not stopped. */
  hostDown(slot: HostSlot, down: Down): void
  /** So many messages died with a thread that it held for itself. */
  messagesLost(host: number, messages: number): void
}

/** What all slots have in common. */
type SlotTemplate = Pick<SlotOptions, 'name' | 'container' | 'startMs' | 'startThread'>

/** All hosts of a system: the main thread's, the shared ones, and those of single actors. */
export class Hosts {
  readonly main: Host
  readonly registry: Registry
  readonly #owner: HostsOwner
  readonly #switchboard: Switchboard
  readonly #slots = new Map<number, HostSlot>()
  readonly #killedForOne = new Set<number>()
  readonly #receipts: ThreadReceipt[] = []
  readonly #template: SlotTemplate
  #lastNumber = 0
  #isReferenced = true

  /** @param main The main thread's host, and how it learns of the others. */
  constructor(owner: HostsOwner, template: SlotTemplate, transport: Transport, createMain: (requestLink: (peer: number) => void) => Host) {
    this.#owner = owner
    this.#template = template
    this.#switchboard = new Switchboard(end => transport.unsettled(end))
    this.main = createMain(peer => this.#switchboard.request(0, peer))
    this.registry = new Registry(this.main, () => this.slots.filter(slot => slot.isRunning && !slot.isStopping).map(slot => slot.number))
    const { peers } = this.main
    this.#switchboard.join({
      number: 0,
      words: words.memory,
      linked: (peer: number, end: LinkEnd) => peers.linked(peer, end),
      down: (peer: number, down: PeerDown) => peers.down(peer, down),
      gone: (peer: number) => peers.gone(peer),
    })
    this.#switchboard.open(0)
  }

  /** Every slot, in the order of their start. */
  get slots(): HostSlot[] {
    return [...this.#slots.values()]
  }

  /** The receipts of all threads that have ended, in that order. */
  get receipts(): readonly ThreadReceipt[] {
    return this.#receipts
  }

  slot(number: number): HostSlot | undefined {
    return this.#slots.get(number)
  }

  /** Makes a place for one more thread, and starts it. */
  async add(options: Pick<SlotOptions, 'isPrivate' | 'maxHeapMb'>): Promise<HostSlot> {
    this.#lastNumber += 1
    const slot = new HostSlot(
      { ...this.#template, ...options, number: this.#lastNumber },
      {
        started: started => this.#started(started),
        introduce: (from, to) => this.#switchboard.request(from, to),
        ended: (ended, down, lost) => this.#ended(ended, down, lost),
      },
    )
    this.#slots.set(slot.number, slot)
    try {
      await slot.start()
    } catch (error) {
      this.retire(slot)
      throw error
    }
    this.open(slot)
    return slot
  }

  /** The actors of a slot's thread are there: others may be linked to it. */
  open(slot: HostSlot): void {
    slot.open()
    this.#switchboard.open(slot.number)
  }

  /** Gives a slot up: no thread will take it again. */
  retire(slot: HostSlot): void {
    this.#slots.delete(slot.number)
    this.#switchboard.retire(slot.number)
  }

  /** Kills the thread of a slot for the sake of one actor: what nobody had begun there goes to the next. */
  async killForOne(slot: HostSlot): Promise<void> {
    this.#killedForOne.add(slot.number)
    await slot.kill()
  }

  /** Stops the thread of a slot for good. */
  async stop(slot: HostSlot, deadlineMs: number): Promise<void> {
    await slot.stop(deadlineMs)
    this.retire(slot)
  }

  ref(): void {
    this.#isReferenced = true
    for (const slot of this.#slots.values()) slot.ref()
  }

  unref(): void {
    this.#isReferenced = false
    for (const slot of this.#slots.values()) slot.unref()
  }

  #started(slot: HostSlot): void {
    if (!this.#isReferenced) slot.unref()
    this.#switchboard.join(slot)
    // The main thread starts its actors, so it is linked first.
    this.#switchboard.introduce(0, slot.number)
    this.registry.hostStarted(slot.number)
    this.#owner.hostStarted(slot)
  }

  #ended(slot: HostSlot, down: Down, lost: number): void {
    const keepsUnbegun = this.#killedForOne.delete(slot.number)
    const redelivery = slot.isStopping ? undefined : this.registry.redeliveryOn(slot.number, keepsUnbegun)
    const allLost = lost + this.#switchboard.leave(slot.number, { ...down, redelivery })
    this.#receipts.push(...slot.receipts.slice(-1))
    if (allLost > 0) this.#owner.messagesLost(slot.number, allLost)
    if (!slot.isStopping) this.#owner.hostDown(slot, down)
  }
}
