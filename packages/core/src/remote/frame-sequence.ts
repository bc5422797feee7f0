import { guarded } from '../base/errors/uncaught.js'
import type { Cancellable } from '../base/time/cancellable.js'
import { callerClock } from '../base/time/clock.js'
import { problemOf, readFrame, type SequenceFrame } from './sequence-frame.js'

/** Milliseconds after which the peer is asked whether it has what was sent, and how long that doubles. */
const ASK_AFTER_MS = 200
const ASK_AFTER_AT_MOST_MS = 2000
/**
 * How often all is sent once more to a peer that says each time that it has nothing of it. An honest one loses it only
 * with a connection; another may ask to have it kept again and again.
 */
const MOST_REPEATS = 8

/** The ends of a sequence: a channel that may lose frames but keeps their order, and the taker of what has arrived. */
export interface SequenceEnds {
  /** Sends a text to the peer, or loses it. */
  transmit(text: string): void
  /** Takes what a frame holds, each frame once and in order. */
  take(handled: readonly unknown[], batch: readonly unknown[], frame: number): void
  /** The peer has so many frames, more than before. */
  confirmed(): void
  /**
   * The peer has said what none of its kind says, and why that cannot be taken; nothing more of it is taken. It quotes
   * nothing of the peer.
   */
  faulted(problem: string): void
}

interface Unconfirmed {
  readonly frame: number
  readonly slots: readonly number[]
  readonly payload: string
}

/**
 * The frames that one side of a remote link sends and receives, numbered: each arrives once and in order, also when a
 * connection breaks and another takes its place.
 *
 * - `[frame, received, handled, batch]` holds messages, and the slots that are given back
 * - `[0, received, sent]` says what has arrived, and what was sent
 * - `[-1, received]` asks for all that comes after that once more
 * - `[-2, received, sent]` asks whether all of that has arrived
 *
 * What was sent is kept until the peer has it. It does no IO.
 */
export class FrameSequence {
  readonly #ends: SequenceEnds
  readonly #unconfirmed: Unconfirmed[] = []
  #sent = 0
  #received = 0
  /** Messages in frames that the peer may not have. */
  #messages = 0
  #isWordDue = false
  /** The last frame that was missed, for which it was asked once; each frame behind it would ask again. */
  #askedBehind = -1
  #askAfterMs = ASK_AFTER_MS
  #askTimer: Cancellable | undefined
  /** How often all was sent once more since the peer last had more than before, and whether that was just now. */
  #repeats = 0
  #pauseTimer: Cancellable | undefined
  #isClosed = false

  constructor(ends: SequenceEnds) {
    this.#ends = ends
  }

  /** Messages that were sent, and of which the peer has not said that it has them. */
  get unconfirmedMessages(): number {
    return this.#messages
  }

  /** Whether the peer has not said of everything that it has it. */
  get hasUnconfirmed(): boolean {
    return this.#unconfirmed.length > 0
  }

  /**
   * Whether the peer has not said for a while that it has what was sent: it is busy, or the connection is gone. What is
   * sent now only waits elsewhere.
   */
  get isStalled(): boolean {
    return this.#askAfterMs > ASK_AFTER_MS
  }

  /**
   * Sends the next frame.
   *
   * @param batch Its messages as JSON text, an array of slots and bodies.
   * @param slots The slots alone.
   */
  send(handled: readonly number[], batch: string, slots: readonly number[]): void {
    this.#sent += 1
    const unconfirmed = { frame: this.#sent, slots, payload: `[${handled.join(',')}],${batch}` }
    this.#unconfirmed.push(unconfirmed)
    this.#messages += slots.length
    this.#transmit(unconfirmed)
    this.#planAsk()
  }

  /** Says what has arrived, when nothing else was sent that says it. */
  confirm(): void {
    if (this.#isWordDue && !this.#isClosed) this.#sayWord()
  }

  /** Takes a text from the channel. */
  take(text: string): void {
    if (this.#isClosed) return
    const frame = readFrame(text)
    const problem = typeof frame === 'string' ? frame : problemOf(frame, this.#sent, this.#received)
    if (problem !== undefined) {
      this.fault(problem)
      return
    }
    const [number, received, third, batch] = frame as SequenceFrame
    this.#confirmUpTo(received)
    if (number > 0) this.#takeFrame(number, third as readonly unknown[], batch as readonly unknown[])
    else if (number === -1) this.#repeat()
    else if ((third as number) > this.#received) this.#ask()
    else if (number === -2) this.#sayWord()
  }

  /** Takes and sends nothing more, since what has arrived is none of a sequence, or holds what cannot be taken. */
  fault(problem: string): void {
    if (this.#isClosed) return
    this.close()
    this.#ends.faulted(problem)
  }

  /** The slots of messages in frames beyond those that the peer had received. */
  slotsBeyond(received: number): readonly number[] {
    return this.#unconfirmed.filter(({ frame }) => frame > received).flatMap(({ slots }) => slots)
  }

  close(): void {
    this.#isClosed = true
    this.#askTimer?.cancel()
    this.#askTimer = undefined
    this.#pauseTimer?.cancel()
    this.#pauseTimer = undefined
  }

  #takeFrame(frame: number, handled: readonly unknown[], batch: readonly unknown[]): void {
    if (frame === this.#received + 1) {
      this.#received = frame
      this.#isWordDue = true
      this.#ends.take(handled, batch, frame)
    } else if (frame <= this.#received) this.#isWordDue = true
    else if (this.#askedBehind !== this.#received) this.#ask()
  }

  #sayWord(): void {
    this.#isWordDue = false
    this.#ends.transmit(`[0,${this.#received},${this.#sent}]`)
  }

  #ask(): void {
    this.#askedBehind = this.#received
    this.#ends.transmit(`[-1,${this.#received}]`)
  }

  #confirmUpTo(received: number): void {
    let confirmed = 0
    while (confirmed < this.#unconfirmed.length && (this.#unconfirmed[confirmed] as Unconfirmed).frame <= received)
      confirmed += 1
    if (confirmed === 0) return
    for (const { slots } of this.#unconfirmed.splice(0, confirmed)) this.#messages -= slots.length
    this.#repeats = 0
    this.#askAfterMs = ASK_AFTER_MS
    this.#askTimer?.cancel()
    this.#askTimer = undefined
    this.#planAsk()
    this.#ends.confirmed()
  }

  /**
   * Sends all once more that the peer may not have. What asks for it again meanwhile asks for the same; where it never
   * arrives, the channel would keep it as often as it is asked for.
   */
  #repeat(): void {
    if (this.#unconfirmed.length === 0 || (this.#pauseTimer !== undefined && this.#repeats > 0)) return
    this.#pauseTimer?.cancel()
    this.#repeats += 1
    if (this.#repeats > MOST_REPEATS) {
      this.fault(`it has asked ${this.#repeats} times for the same frames`)
      return
    }
    this.#pauseTimer = callerClock.after(ASK_AFTER_MS, () => (this.#pauseTimer = undefined))
    for (const unconfirmed of this.#unconfirmed) this.#transmit(unconfirmed)
  }

  #transmit({ frame, payload }: Unconfirmed): void {
    if (this.#isClosed) return
    this.#isWordDue = false
    this.#ends.transmit(`[${frame},${this.#received},${payload}]`)
  }

  /**
   * The last frame that was sent may be lost, and no other follows that shows it. A peer that is busy is asked less and
   * less.
   */
  #planAsk(): void {
    if (this.#isClosed || this.#askTimer !== undefined || this.#unconfirmed.length === 0) return
    this.#askTimer = callerClock.after(this.#askAfterMs, () => {
      this.#askTimer = undefined
      this.#askAfterMs = Math.min(2 * this.#askAfterMs, ASK_AFTER_AT_MOST_MS)
      guarded(() => this.#ends.transmit(`[-2,${this.#received},${this.#sent}]`))
      this.#planAsk()
    })
  }
}
