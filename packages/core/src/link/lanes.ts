import { LINK_LIMITS } from '../base/values/limits.js'
import { Lane, type Frame, type SentMessage } from './lane.js'
import type { Ledger } from './ledger.js'

/**
 * What one side of a link sends, on two ways. Replies have slots of their own and go first: a thread that handles
 * messages may have to wait for a reply, and the slots of those messages come back only then. It does no IO.
 */
export class Lanes {
  readonly messages = new Lane({
    firstSlot: 0,
    maxMessages: LINK_LIMITS.windowMessages,
    maxBytes: LINK_LIMITS.windowBytes,
  })
  readonly replies = new Lane({
    firstSlot: LINK_LIMITS.windowMessages,
    maxMessages: LINK_LIMITS.windowReplies,
    maxBytes: LINK_LIMITS.windowBytes,
  })
  /** Both, in the order in which they go. */
  readonly inOrder: readonly Lane[] = [this.replies, this.messages]
  #departed: ((slot: number) => void) | undefined

  /**
   * Attaches the account, without which nothing leaves.
   *
   * @param departed Called with the slot of each message that goes into a frame.
   */
  open(ledger: Ledger, departed: ((slot: number) => void) | undefined): void {
    this.#departed = slot => {
      ledger.clear(slot)
      departed?.(slot)
    }
  }

  /** Makes the next frame, or returns undefined when nothing waits or the window is full. */
  nextFrame(): string | undefined {
    if (this.#departed === undefined) return undefined
    const frame: Frame = { text: '', room: LINK_LIMITS.frameMessages, departed: this.#departed }
    for (const lane of this.inOrder) lane.write(frame, this.sendings - lane.sendings)
    return frame.text === '' ? undefined : `[${frame.text}]`
  }

  /** Messages that wait for a slot or a flush. */
  get waiting(): number {
    return this.messages.waiting + this.replies.waiting
  }

  /** Bytes of them. */
  get waitingBytes(): number {
    return this.messages.waitingBytes + this.replies.waitingBytes
  }

  /** Messages that have ever taken a slot. */
  get sendings(): number {
    return this.messages.sendings + this.replies.sendings
  }

  /** Messages that have a slot. */
  get unhandled(): number {
    return this.messages.unhandled + this.replies.unhandled
  }

  /** Bytes of them, which are kept here. */
  get unhandledBytes(): number {
    return this.messages.unhandledBytes + this.replies.unhandledBytes
  }

  /** The lane of a slot. */
  ofSlot(slot: number): Lane {
    return slot < LINK_LIMITS.windowMessages ? this.messages : this.replies
  }

  /** What has a slot, in the order of sending. */
  allSent(): SentMessage[] {
    return [...this.replies.allSent(), ...this.messages.allSent()].toSorted((a, b) => a.order - b.order)
  }
}
