import { guarded } from '../base/errors/uncaught.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { Waiters } from '../base/values/waiters.js'
import { words } from '../words/this-thread.js'
import type { BlockExchange } from './blocks/block-exchange.js'
import type { Ledger } from './ledger.js'
import type { LinkStatistics, Returned } from './link-receiver.js'
import { Outbox, type Undelivered } from './outbox.js'
import type { RowBatch } from './row-batch.js'

/** What the way out needs to know of large binaries. */
export type OutletBlocks = Pick<BlockExchange, 'takeLent' | 'abandon' | 'release' | 'keep' | 'lentBytes'>

/** How a message takes its turn: behind all that wait, before them, or as a reply, which has a way of its own. */
export type Turn = 'message' | 'ahead' | 'reply'

/**
 * The way out of one side of a link: what was accepted and waits, what the peer has, who waits for room, and the
 * account of all that.
 *
 * Until it is opened, what waits is held by this thread and dies with it; from then on it is in the ledger of the link.
 */
export class Outlet {
  readonly #blocks: OutletBlocks
  readonly #outbox: Outbox
  readonly #dropped: ((body: unknown) => void) | undefined
  readonly #flushed = new Waiters()
  #ledger: Ledger | undefined
  #isClosed = false
  #awaitsSlots = false
  #sentChars = 0
  #refused = 0

  /**
   * @param refused Is given each message, but no reply, that the peer has finished without having begun it.
   * @param dropped Is given each message that was taken back, when its turn has come.
   */
  constructor(blocks: OutletBlocks, refused?: (body: unknown) => void, dropped?: (body: unknown) => void) {
    this.#blocks = blocks
    this.#dropped = dropped
    this.#outbox = new Outbox(handled => blocks.release(handled), refused)
  }

  /** Messages that wait here for the peer. */
  get waiting(): number {
    return this.#outbox.waiting
  }

  /** Messages that the peer has and has not handled yet. */
  get unhandled(): number {
    this.#outbox.settle()
    return this.#outbox.unhandled
  }

  get statistics(): Omit<LinkStatistics, 'received' | 'receivedBytes'> {
    const { unhandled } = this
    const { sendings, waiting, waitingBytes } = this.#outbox
    return {
      sent: sendings,
      sentBytes: this.#sentChars + this.#blocks.lentBytes,
      refused: this.#refused,
      waitingToSend: waiting,
      waitingToSendBytes: waitingBytes,
      unhandled,
    }
  }

  /** Whether slots that the peer gives back are awaited here. */
  get awaitsSlots(): boolean {
    return this.#awaitsSlots
  }

  /** Whether the backlog is at its limit. */
  get isFull(): boolean {
    const { waiting, waitingBytes } = this.#outbox
    return waiting >= LINK_LIMITS.backlogMessages || waitingBytes >= LINK_LIMITS.backlogBytes
  }

  /** Whether what waits fills frames to the last place. */
  get fillsFrames(): boolean {
    return this.#outbox.waiting % LINK_LIMITS.frameMessages === 0
  }

  /** Whether fewer than so many messages wait, and fewer bytes than the mark. */
  hasRoom(below: number = LINK_LIMITS.backlogMark): boolean {
    return this.#outbox.waiting < below && this.#outbox.waitingBytes < LINK_LIMITS.backlogMarkBytes
  }

  /** Has an account from now on. What waits was held by this thread; inside the gate, so that no kill finds it in both. */
  open(ledger: Ledger): void {
    this.#ledger = ledger
    this.#outbox.open(ledger)
    const { waiting } = this.#outbox
    words.gate.enter()
    try {
      ledger.accept(waiting)
      words.hold(-waiting)
    } finally {
      words.gate.leave()
    }
  }

  /** Accepts a message, with the binaries that were lent for it. */
  accept(body: string, turn: Turn, key = 0): void {
    const blocks = this.#blocks.takeLent()
    if (turn === 'reply') this.#outbox.addReply(body, blocks)
    else if (turn === 'ahead') this.#outbox.addFirst(body, blocks, key)
    else this.#outbox.add(body, blocks, key)
    this.#count()
  }

  /** Accepts a message as a row of a batch. */
  acceptRow(batch: RowBatch, cells: readonly unknown[], bytes: number): void {
    this.#outbox.addRow(batch, cells, bytes)
    this.#count()
  }

  /** Takes a message back by its key. Returns whether it has not left, and will not. */
  takeBack(key: number): boolean {
    return this.#outbox.takeBack(key)
  }

  /** Counts a message that is not accepted. */
  refuse(): void {
    this.#refused += 1
    this.#blocks.abandon()
  }

  /** Resolves when there is room, or when it is closed. */
  async ready(below?: number): Promise<void> {
    while (!this.#isClosed && !this.hasRoom(below)) await this.#flushed.wait()
  }

  /** Resolves when all that was accepted until now has left, or when it is closed. Later messages do not delay it. */
  async sent(): Promise<void> {
    const { mark } = this.#outbox
    while (!this.#isClosed && !this.#outbox.hasSent(mark)) await this.#flushed.wait()
  }

  /**
   * Sends what the window allows, and asks the peer to ring when it gives slots back that are needed.
   *
   * @returns Whether it has given some back in between, so that there may be more to send.
   */
  flush(transmit: (frame: string) => void): boolean {
    const outbox = this.#outbox
    outbox.settle()
    for (let frame = outbox.nextFrame(); frame !== undefined; frame = outbox.nextFrame()) {
      this.#sentChars += frame.length
      transmit(frame)
    }
    const wish =
      outbox.waiting > 0 ? 'at-each' : outbox.unhandledBytes > LINK_LIMITS.retainedBytes ? 'when-all-are' : 'never'
    this.#awaitsSlots = wish !== 'never'
    this.#ledger?.wish(wish)
    const hasMore = this.#awaitsSlots && outbox.settle() > 0
    this.#flushed.wake()
    for (const message of outbox.takeDropped()) this.#drop(message)
    return hasMore
  }

  /**
   * Gives back what the peer has not handled, in the order of sending. It stays in the account, or this thread's, until
   * it is settled.
   */
  takeReturned(): Returned[] {
    return this.#outbox.takeUndelivered().map(message => {
      this.#blocks.keep(message)
      return { body: message.body, progress: message.progress }
    })
  }

  /** Takes messages out of the account that were given back and are dealt with. */
  settled(messages: number): void {
    if (this.#ledger === undefined) words.hold(-messages)
    else this.#ledger.takeBack(messages)
  }

  /** Accepts and sends nothing more. Who waits for it goes on. */
  close(): void {
    // What waits is nobody's from here on.
    if (this.#ledger === undefined && !this.#isClosed) words.hold(-this.#outbox.waiting)
    this.#isClosed = true
    this.#flushed.wake()
  }

  #drop(message: Undelivered): void {
    this.#blocks.keep(message)
    guarded(() => this.#dropped?.(message.body))
    this.settled(1)
  }

  #count(): void {
    if (this.#ledger === undefined) words.hold(1)
    else this.#ledger.accept(1)
  }
}
