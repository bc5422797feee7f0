import {
  LINK_LIMITS,
  PipeClosedError,
  PipeFullError,
  realTimers,
  SocketError,
  Waiters,
  type RowBatch,
  type LinkEnd,
  type LinkReceiver,
  type Progress,
  type Remains,
} from '@zera/core/internal'
import { ASK, OPEN, type WireBody } from '../../messaging/format/wire.js'
import type { HostLink } from '../../platform/transport.js'
import type { SimulatedBlocks } from './simulated-blocks.js'

/** Runs what it is given later, one after the other, in the order in which it was given. */
export type Lane = (run: () => void) => void

/** Where a link ends: one incarnation of a host. */
export interface LinkPlace {
  /** Whether its thread has ended: nothing leaves it and nothing arrives any more. */
  readonly isDead: boolean
  readonly blocks: SimulatedBlocks
  /** Messages that one side may have without having handled them, and as many replies. */
  readonly windowMessages: number
  /** Whether there is no descriptor for one more link. */
  refusesLink(): boolean
  /** Plugs two links together that were given the ends of one pair. Returns the other, when it is there. */
  plug(link: SimulatedLink, endpoint: string): SimulatedLink | undefined
}

interface Sent {
  readonly slot: number
  readonly kind: 'message' | 'reply'
  readonly body: string
  progress: Progress
  /** Whether its sender has taken it back: it is not begun any more. */
  isWithdrawn: boolean
}

/**
 * One side of a connection between two hosts of one thread, without sockets. It promises what `Link` promises: order,
 * windows, replies that overtake messages that wait, and an exact account when one side has died.
 */
export class SimulatedLink implements HostLink {
  readonly blocks: SimulatedBlocks
  readonly #place: LinkPlace
  readonly #receiver: LinkReceiver
  readonly #carry: Lane
  #peer: SimulatedLink | undefined
  #end: LinkEnd | undefined
  #isClosed = false
  #isFlushPlanned = false
  #nextSlot = 0
  #inFlight = 0
  /** Messages that were accepted, and of which nobody has yet said what became. */
  #unsettled = 0
  readonly #waiting: Record<'message' | 'reply', string[]> = { message: [], reply: [] }
  readonly #underWay = { message: 0, reply: 0 }
  readonly #unhandled = new Map<number, Sent>()
  readonly #flushed = new Waiters()
  readonly #arrived = new Waiters()

  /** @param carry How a frame gets to the peer. */
  constructor(place: LinkPlace, receiver: LinkReceiver, carry: Lane) {
    this.blocks = place.blocks
    this.#place = place
    this.#receiver = receiver
    this.#carry = carry
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Messages that wait here for the peer. */
  get backlog(): number {
    return this.#waiting.message.length + this.#waiting.reply.length
  }

  /** In the account of the link, or of its host as long as it was never open. */
  get unsettled(): number {
    return this.#unsettled
  }

  /** Whether it was ever plugged in; until then its messages are their host's own. */
  get isOpen(): boolean {
    return this.#end !== undefined
  }

  open(end: LinkEnd): void {
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

  /** Takes a message that waits back at once, and marks one that has left. */
  takeBack(key: number): boolean {
    const { message } = this.#waiting
    const at = message.findIndex(body => keyOf(JSON.parse(body)) === key)
    if (at < 0) {
      const sent = this.#place.isDead
        ? undefined
        : [...this.#unhandled.values()].find(({ body }) => keyOf(JSON.parse(body)) === key)
      if (sent?.progress === 'not-begun') sent.isWithdrawn = true
      return false
    }
    const [body] = message.splice(at, 1)
    this.#receiver.dropped?.(JSON.parse(body as string))
    this.#unsettled -= 1
    return true
  }

  post(body: string): boolean {
    const waiting = this.backlog
    if (waiting >= LINK_LIMITS.backlogMessages)
      throw new PipeFullError('a simulated link', waiting, LINK_LIMITS.backlogMessages)
    return this.#accept('message', body)
  }

  /** A row travels as the message that it stands for. */
  postRow({ shape, label }: RowBatch, cells: readonly unknown[]): boolean {
    const body = JSON.stringify(shape.body(label, cells, 0))
    return shape.lane === 'messages' ? this.post(body) : this.#accept('reply', body)
  }

  postAlways(body: string): void {
    this.#accept('message', body)
  }

  postAhead(body: string): void {
    if (this.#isClosed) throw new PipeClosedError('a simulated link')
    this.#waiting.message.unshift(body)
    this.#unsettled += 1
    this.#flushLater()
  }

  postReply(body: string): void {
    this.#accept('reply', body)
  }

  async ready(below: number = LINK_LIMITS.backlogMark): Promise<void> {
    while (!this.#isClosed && this.backlog >= below) await this.#flushed.wait()
  }

  begin(slot: number, mayBeWithdrawn = false): boolean {
    const sent = this.#place.isDead ? undefined : this.#sentByPeer(slot)
    if (mayBeWithdrawn && sent?.isWithdrawn === true) return false
    if (sent !== undefined) sent.progress = 'begun'
    return true
  }

  finish(slot: number): void {
    const sent = this.#place.isDead ? undefined : this.#sentByPeer(slot)
    if (sent !== undefined && this.#peer !== undefined) this.#peer.#settle(sent)
  }

  async drained(): Promise<void> {
    while (this.#expectsFrames) await this.#arrived.wait()
  }

  takeRemains(): Remains {
    const unsent = [...this.#waiting.reply.splice(0), ...this.#waiting.message.splice(0)].map(body => ({
      body,
      progress: 'not-begun' as const,
    }))
    const returned = [...this.#unhandled.values(), ...unsent].map(({ body, progress }) => ({
      body: JSON.parse(body) as unknown,
      progress,
    }))
    this.#unhandled.clear()
    return { returned, lost: this.#peer?.backlog ?? 0 }
  }

  settled(messages: number): void {
    this.#unsettled -= messages
  }

  /** Takes messages that were lost out of the account. */
  writeOff(messages: number): void {
    this.#unsettled -= messages
  }

  close(): void {
    // What waits in a link that was never open is nobody's from here on.
    if (!this.isOpen && !this.#isClosed) this.#unsettled -= this.backlog
    this.#isClosed = true
    this.#end?.handover.close()
    // Who waits on a host that has died waits for ever.
    if (this.#place.isDead) return
    this.#flushed.wake()
    this.#arrived.wake()
  }

  get #expectsFrames(): boolean {
    return this.#peer !== undefined && this.#peer.#inFlight > 0
  }

  #accept(kind: 'message' | 'reply', body: string): boolean {
    // What still runs of a host that has died talks to nobody.
    if (this.#place.isDead) return true
    if (this.#isClosed) throw new PipeClosedError('a simulated link')
    this.#waiting[kind].push(body)
    this.#unsettled += 1
    this.#flushLater()
    return this.backlog < LINK_LIMITS.backlogMark
  }

  #sentByPeer(slot: number): Sent | undefined {
    return this.#peer === undefined ? undefined : this.#peer.#unhandled.get(slot)
  }

  #settle(sent: Sent): void {
    this.#unhandled.delete(sent.slot)
    if (sent.kind === 'message' && sent.progress === 'not-begun' && !this.#place.isDead)
      this.#receiver.refused?.(JSON.parse(sent.body))
    this.#unsettled -= 1
    this.#underWay[sent.kind] -= 1
    if (this.backlog > 0) this.#flushLater()
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
    const frame = [...this.#take('reply'), ...this.#take('message')]
    this.#flushed.wake()
    if (frame.length === 0) return
    this.#inFlight += 1
    this.#carry(() => {
      this.#inFlight -= 1
      if (this.#peer !== undefined) this.#peer.#takeFrame(frame)
    })
  }

  #take(kind: 'message' | 'reply'): Sent[] {
    const bodies = this.#waiting[kind].splice(0, this.#place.windowMessages - this.#underWay[kind])
    this.#underWay[kind] += bodies.length
    return bodies.map(body => {
      const sent: Sent = { slot: this.#nextSlot++, kind, body, progress: 'not-begun', isWithdrawn: false }
      this.#unhandled.set(sent.slot, sent)
      return sent
    })
  }

  #takeFrame(frame: readonly Sent[]): void {
    if (this.#place.isDead) return
    this.#arrived.wake()
    for (const { body, slot } of frame) if (!this.#isClosed) this.#receiver.message(JSON.parse(body), slot)
  }
}

/** The correlation of an ask, or of a stream that is opened. */
function keyOf(body: unknown): unknown {
  const [kind, , , , , correlation] = body as WireBody
  return kind === ASK || kind === OPEN ? correlation : undefined
}
