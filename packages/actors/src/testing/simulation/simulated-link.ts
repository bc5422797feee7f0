import { realTimers, SocketError, Waiters, type LinkEnd, type LinkReceiver, type Remains } from '@zera/core/internal'
import type { HostLink } from '../../platform/transport.js'
import type { SimulatedBlocks } from './simulated-blocks.js'
import { SimulatedOutbox, type OutboxPlace, type SentMessage } from './simulated-outbox.js'

/** Runs what it is given later, one after the other, in the order in which it was given. */
export type Lane = (run: () => void) => void

/** Where a link ends: one incarnation of a host. */
export interface LinkPlace extends OutboxPlace {
  readonly blocks: SimulatedBlocks
  /** Whether there is no descriptor for one more link. */
  refusesLink(): boolean
  /** Connects two links that were given the ends of one pair. Returns the other, when it is there. */
  plug(link: SimulatedLink, endpoint: string): SimulatedLink | undefined
}

/**
 * One side of a connection between two hosts of one thread, without sockets. It gives the guarantees of `Link`: order,
 * windows, replies that overtake messages that wait, and an exact account when one side has died.
 */
export class SimulatedLink implements HostLink {
  readonly blocks: SimulatedBlocks
  readonly outbox: SimulatedOutbox
  readonly #place: LinkPlace
  readonly #receiver: LinkReceiver
  readonly #carry: Lane
  #peer: SimulatedLink | undefined
  #end: LinkEnd | undefined
  #isClosed = false
  #isFlushPlanned = false
  #inFlight = 0
  readonly #arrived = new Waiters()

  /** @param carry How a frame gets to the peer. */
  constructor(place: LinkPlace, receiver: LinkReceiver, carry: Lane) {
    this.blocks = place.blocks
    this.outbox = new SimulatedOutbox(place, receiver, () => this.#flushLater())
    this.#place = place
    this.#receiver = receiver
    this.#carry = carry
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether it was ever plugged in; until then its messages are their host's own. */
  get isOpen(): boolean {
    return this.#end !== undefined
  }

  open(end: LinkEnd): void {
    if (this.#isClosed) {
      end.handover.close()
      return
    }
    if (this.#place.refusesLink()) {
      this.close()
      throw new SocketError('Cannot open a simulated link: its host has no descriptor for it')
    }
    this.#end = end
    const peer = this.#place.plug(this, end.endpoint)
    if (peer === undefined) return
    this.#peer = peer
    peer.#peer = this
    this.#flushLater()
    peer.#flushLater()
  }

  begin(slot: number, mayBeWithdrawn = false): boolean {
    const sent = this.#sentByPeer(slot)
    if (mayBeWithdrawn && sent?.isWithdrawn === true) return false
    if (sent !== undefined) sent.progress = 'begun'
    return true
  }

  finish(slot: number): void {
    const sent = this.#sentByPeer(slot)
    if (sent !== undefined) this.#peer?.outbox.handled(sent)
  }

  async drained(): Promise<void> {
    while (this.#expectsFrames) await this.#arrived.wait()
  }

  takeRemains(): Remains {
    return { returned: this.outbox.takeReturned(), lost: this.#peer?.outbox.backlog ?? 0 }
  }

  close(): void {
    this.#isClosed = true
    this.outbox.close(this.isOpen)
    this.#end?.handover.close()
    // Code that waits on a dead host waits forever.
    if (!this.#place.isDead) this.#arrived.wake()
  }

  get #expectsFrames(): boolean {
    return this.#peer !== undefined && this.#peer.#inFlight > 0
  }

  #sentByPeer(slot: number): SentMessage | undefined {
    return this.#place.isDead ? undefined : this.#peer?.outbox.sent(slot)
  }

  /** One frame holds what was posted in one turn. */
  #flushLater(): void {
    if (this.#isFlushPlanned || this.#peer === undefined) return
    this.#isFlushPlanned = true
    realTimers.queueMicrotask(() => {
      this.#isFlushPlanned = false
      if (!this.#isClosed && !this.#place.isDead) this.#flush()
    })
  }

  #flush(): void {
    const frame = this.outbox.takeFrame()
    if (frame.length === 0) return
    this.#inFlight += 1
    this.#carry(() => {
      this.#inFlight -= 1
      if (this.#peer !== undefined) this.#peer.#takeFrame(frame)
    })
  }

  #takeFrame(frame: readonly SentMessage[]): void {
    if (this.#place.isDead) return
    this.#arrived.wake()
    for (const { body, slot } of frame) if (!this.#isClosed) this.#receiver.message(JSON.parse(body), slot)
  }
}
