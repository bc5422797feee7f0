import { isUtf8 } from 'node:buffer'
import { throwUncaught } from '../base/errors/uncaught.js'
import { callerClock } from '../base/time/clock.js'
import { REMOTE_LIMITS } from '../base/values/limits.js'
import { MalformedMessageError } from '../codec/malformed-message-error.js'
import type { LinkReceiver, Remains } from '../link/link-receiver.js'
import { Outbox } from '../link/outbox.js'
import type { Reactor } from '../link/reactor/reactor.js'
import { FrameSequence } from './frame-sequence.js'
import { RemoteArrivals } from './remote-arrivals.js'
import { REMOTE_BLOCKS } from './remote-blocks.js'
import type { RemoteAccount, RemoteEnd } from './remote-end.js'
import { RemoteLedger } from './remote-ledger.js'

/** Milliseconds without a frame after which nothing more is expected of a peer that has ended. */
const QUIET_MS = 100
/** The same of one on this machine whose process has ended: what it had written is in this side's buffers. */
const QUIET_NEARBY_MS = 20

/** One side's way to the other. */
export interface RemoteWire {
  /** Sends a text, or loses it. */
  transmit(text: string): void
  /**
   * The other side lets this one in by its key. A side with a key does not connect before that: a side that was refused
   * once is not let in later.
   */
  admitted?(): void
  close(): void
}

/** Takes the frames of a message that has arrived, whatever they are. */
export type TakeFrames = (frames: readonly Buffer[]) => void

/** Plugs one side of a link in. */
export type PlugRemote = (end: RemoteEnd, take: TakeFrames) => RemoteWire

/**
 * One connection between two threads of different processes, seen from one of them.
 *
 * It guarantees what `Link` does: order, replies that overtake, a window, each message at most once, even when the
 * connection breaks and comes back. What differs is what is known when the peer has ended. When its process has not,
 * `takeRemains` gets its account and is exact. Otherwise what was never transmitted is `not-begun`, and everything
 * transmitted and not handled is `begun`. What the peer had accepted and not sent is not counted, since no one is left
 * to know.
 *
 * Large binaries travel in the text of a message; a `SharedBlock` cannot.
 *
 * A frame that no link sends, or a message that its receiver cannot read, is a fault of the peer. The receiver is
 * notified, and nothing more is accepted.
 */
export class RemoteLink {
  readonly name: string
  readonly isRemote = true
  readonly blocks: typeof REMOTE_BLOCKS = REMOTE_BLOCKS
  readonly #reactor: Pick<Reactor, 'flushLater'>
  readonly #receiver: LinkReceiver
  readonly #plug: PlugRemote
  /**
   * What this side sends. Its backlog counts what has left and of which the peer has not said that it has arrived; what
   * has left is not marked when it is taken back.
   */
  readonly outbox: Outbox
  readonly #sequence: FrameSequence
  #state: 'unopened' | 'greeting' | 'open' | 'closed' = 'unopened'
  #wire: RemoteWire | undefined
  #ledger: RemoteLedger | undefined
  #arrivals: RemoteArrivals | undefined
  #received = 0
  #frames = 0
  #handled: number[] = []
  #isNearby = false

  constructor(name: string, reactor: Pick<Reactor, 'flushLater'>, receiver: LinkReceiver, plug: PlugRemote) {
    this.name = name
    this.#reactor = reactor
    this.#receiver = receiver
    this.#plug = plug
    this.outbox = new Outbox({
      name,
      blocks: REMOTE_BLOCKS,
      receiver,
      accepted: () => {
        if (this.#state !== 'unopened') reactor.flushLater(this)
      },
      format: receiver.format,
      sendsBatches: false,
      // The peer's socket would take nothing more after a larger one.
      maxTextBytes: REMOTE_LIMITS.messageBytes,
      underWay: () => {
        const { hasUnconfirmed, unconfirmedMessages } = this.#sequence
        return Math.max(unconfirmedMessages, hasUnconfirmed ? 1 : 0)
      },
    })
    this.#sequence = new FrameSequence({
      transmit: text => this.#wire?.transmit(text),
      take: (handled, batch, frame) => this.#take(handled, batch, frame),
      confirmed: () => this.outbox.moved(),
      faulted: problem => this.#receiver.faulted?.(problem),
    })
  }

  /**
   * Plugs the link in. The connecting side greets; the binding side sends from the greeting on. Nothing is opened when
   * the link was closed before.
   */
  open(end: RemoteEnd): void {
    if (this.isClosed) return
    this.#ledger = new RemoteLedger(end.ledgers)
    this.#arrivals = new RemoteArrivals(end.arrivals)
    this.outbox.open(this.#ledger.ledger, this.#ledger.departed)
    this.#isNearby = end.endpoint.startsWith('ipc:')
    this.#state = end.role === 'bind' ? 'greeting' : 'open'
    this.#wire = this.#plug(end, frames => this.#takeFrames(frames))
    // The greeting is asked for until it has arrived, as every frame is.
    if (end.role === 'connect') this.#sequence.send([], '[]', [])
    this.#reactor.flushLater(this)
  }

  /** The binding side lets this one in. */
  admitted(): void {
    this.#wire?.admitted?.()
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Marks a message of the peer as begun. */
  begin(slot: number): boolean {
    this.#arrivals?.begin(slot)
    return true
  }

  /**
   * Marks a message of the peer as handled. The peer learns of it with the next frame, or from the account of this
   * side.
   */
  finish(slot: number): void {
    this.#arrivals?.finish(slot)
    if (this.isClosed) return
    this.#handled.push(slot)
    this.#reactor.flushLater(this)
  }

  /** Sends what the window allows, and says what was handled and received. Called by the reactor at the end of a turn. */
  flush(): void {
    if (this.#state !== 'open') return
    // What waits here can be overtaken and given back; what has left cannot.
    const hasMore =
      !this.#sequence.isStalled &&
      this.outbox.flush(frame => this.#sequence.send(this.#takeHandled(), frame, this.#ledger?.takeDeparted() ?? []))
    if (this.#handled.length > 0) this.#sequence.send(this.#takeHandled(), '[]', [])
    this.#sequence.confirm()
    this.outbox.moved()
    if (hasMore) this.#reactor.flushLater(this)
  }

  /**
   * Resolves when what the peer has sent was received, for when it has ended: with its account, when all of that is
   * there; and else when nothing has come for a while.
   */
  async drained(account?: RemoteAccount): Promise<void> {
    const quietMs = account === undefined && this.#isNearby ? QUIET_NEARBY_MS : QUIET_MS
    for (let seen = -1; seen !== this.#frames && !this.isClosed && !this.#hasAll(account);) {
      seen = this.#frames
      await new Promise<void>(resolve => callerClock.after(quietMs, resolve))
    }
  }

  /**
   * Gives back what the peer has not handled, and counts what it never sent, if its account is known. For when the peer
   * has ended and the link is drained.
   */
  takeRemains(account?: RemoteAccount): Remains {
    if (account !== undefined) {
      const unreceived = new Set(this.#sequence.slotsBeyond(account.received))
      this.#ledger?.enter(account, slot => unreceived.has(slot))
    }
    return {
      returned: this.outbox.takeReturned(),
      lost: account === undefined ? 0 : Math.max(0, (account.accepted - this.#received) | 0),
    }
  }

  /** Unplugs the link. What waits is not sent; take the remains first. Calling it twice is harmless. */
  close(): void {
    if (this.isClosed) return
    this.#state = 'closed'
    this.#sequence.close()
    this.#wire?.close()
    this.outbox.close()
  }

  #takeFrames([frame, ...others]: readonly Buffer[]): void {
    if (this.isClosed) return
    // Its sender knows the token of the link.
    if (this.#state === 'greeting') this.#state = 'open'
    this.#frames += 1
    if (frame === undefined || others.length > 0) this.#sequence.fault(`it has ${others.length + 1} frames, and not 1`)
    else if (!isUtf8(frame)) this.#sequence.fault('it is no text')
    else this.#sequence.take(frame.toString())
    this.#reactor.flushLater(this)
  }

  #take(handled: readonly unknown[], batch: readonly unknown[], frame: number): void {
    const problem = this.#finishAll(handled) ?? this.#takeSlots(batch)
    if (problem !== undefined) {
      this.#sequence.fault(problem)
      return
    }
    this.#arrivals?.took(frame)
    this.#received += batch.length / 2
    for (let at = 0; at < batch.length && !this.isClosed; at += 2)
      if (!this.#pass(batch[at + 1], batch[at] as number)) return
  }

  /** The peer has handled what is in these slots. Returns what is wrong, if something is. */
  #finishAll(handled: readonly unknown[]): string | undefined {
    for (const slot of handled) {
      if (this.#ledger?.isUnderWay(slot) !== true) return 'it gives a slot back that has no message'
      this.#ledger.handled(slot)
    }
    return undefined
  }

  /** Messages have arrived in these slots. Returns what is wrong, if something is. */
  #takeSlots(batch: readonly unknown[]): string | undefined {
    if (batch.length % 2 !== 0) return 'a slot has no message'
    for (let at = 0; at < batch.length; at += 2) {
      const slot = batch[at]
      if (!RemoteArrivals.isSlot(slot)) return 'a message has no slot'
      if (this.#arrivals?.take(slot) !== true) return `there is a message in slot ${slot} already`
    }
    return undefined
  }

  /** Returns whether the next may follow. */
  #pass(body: unknown, slot: number): boolean {
    try {
      this.#receiver.message(body, slot)
      return true
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) {
        throwUncaught(error)
        return true
      }
      this.#sequence.fault(error.message)
      return false
    }
  }

  #takeHandled(): readonly number[] {
    const handled = this.#handled
    this.#handled = []
    return handled
  }

  #hasAll(account: RemoteAccount | undefined): boolean {
    return account !== undefined && ((account.accepted - this.#received) | 0) <= 0
  }
}
