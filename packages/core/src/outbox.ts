import { Lane } from './lane.js'
import { LINK_LIMITS } from './limits.js'
import type { Ledger } from './ledger.js'
import type { Block } from './blocks.js'

/** How far a message came before its receiver ended. */
export type Progress =
  /** It never left this thread, or nobody looked at it. Sending it again repeats nothing. */
  | 'not-begun'
  /** Its handler ran when the receiver ended: it may have had some of its effects. */
  | 'begun'

/** A message that comes back to its sender, as it was sent. */
export interface Undelivered {
  /** The JSON text of the message. */
  readonly body: string
  readonly blocks: readonly Block[] | undefined
  readonly progress: Progress
}

/** A place in the stream of what was added: after it comes what was added later. */
export interface Mark {
  readonly messages: number
  readonly replies: number
}

/**
 * What a thread has yet to send to one peer, and what the peer has not handled yet.
 *
 * It makes frames of `[slot, body, slot, body, …]` as far as the window allows, and keeps each message until the peer's ledger
 * says that it was handled. It does no IO.
 *
 * Replies have slots of their own and go first: whoever handles messages may have to wait for a reply, and the slots of those messages
 * come back only then.
 */
export class Outbox {
  readonly #release: (blocks: readonly Block[]) => void
  #ledger: Ledger | undefined
  readonly #messages = new Lane({ firstSlot: 0, maxMessages: LINK_LIMITS.windowMessages, maxBytes: LINK_LIMITS.windowBytes })
  readonly #replies = new Lane({ firstSlot: LINK_LIMITS.windowMessages, maxMessages: LINK_LIMITS.windowReplies, maxBytes: LINK_LIMITS.windowBytes })

  // What the peer has, by slot.
  readonly #sent: (string | undefined)[] = []
  readonly #sentOrder: number[] = []
  readonly #sentBlocks = new Map<number, readonly Block[]>()

  /** @param release Is given the shared blocks of each message that was handled. */
  constructor(release: (blocks: readonly Block[]) => void) {
    this.#release = release
  }

  /** Messages that wait for a slot or a flush. */
  get waiting(): number {
    return this.#messages.waiting + this.#replies.waiting
  }

  /** Bytes of them. */
  get waitingBytes(): number {
    return this.#messages.waitingBytes + this.#replies.waitingBytes
  }

  /** Messages that have ever gone into a frame. */
  get sendings(): number {
    return this.#messages.sendings + this.#replies.sendings
  }

  /** Messages that the peer has and has not handled, as far as the outbox has settled. */
  get unhandled(): number {
    return this.#messages.unhandled + this.#replies.unhandled
  }

  /** Bytes of them, which are kept here. */
  get unhandledBytes(): number {
    return this.#messages.unhandledBytes + this.#replies.unhandledBytes
  }

  /** The end of what was added until now. */
  get mark(): Mark {
    const [messages, replies] = [this.#messages, this.#replies].map(lane => lane.sendings + lane.waiting) as [number, number]
    return { messages, replies }
  }

  /** Whether everything before a mark has gone into a frame. */
  hasSent(mark: Mark): boolean {
    return this.#messages.sendings >= mark.messages && this.#replies.sendings >= mark.replies
  }

  /** Gives the outbox the account of its link, without which nothing can be sent. */
  open(ledger: Ledger): void {
    this.#ledger = ledger
  }

  /** Adds a message. */
  add(body: string, blocks: readonly Block[] | undefined): void {
    this.#messages.add(body, blocks)
  }

  /** Adds a message before all that wait. */
  addFirst(body: string, blocks: readonly Block[] | undefined): void {
    this.#messages.addFirst(body, blocks)
  }

  /** Adds a reply. */
  addReply(body: string, blocks: readonly Block[] | undefined): void {
    this.#replies.add(body, blocks)
  }

  /** Makes the next frame, or returns undefined when nothing waits or the window is full. */
  nextFrame(): string | undefined {
    const ledger = this.#ledger
    if (ledger === undefined) return undefined
    let frame = ''
    let messages = 0
    while (messages < LINK_LIMITS.frameMessages && frame.length < LINK_LIMITS.frameChars) {
      const next = this.#replies.send() ?? this.#messages.send()
      if (next === undefined) break
      const { slot, body, blocks } = next
      ledger.clear(slot)
      this.#sent[slot] = body
      this.#sentOrder[slot] = this.sendings
      if (blocks !== undefined) this.#sentBlocks.set(slot, blocks)
      frame += messages === 0 ? `[${slot},${body}` : `,${slot},${body}`
      messages += 1
    }
    return messages === 0 ? undefined : `${frame}]`
  }

  /** Frees the slots of all that the peer has handled since. Returns how many. */
  settle(): number {
    const ledger = this.#ledger
    if (ledger === undefined) return 0
    let settled = 0
    for (let slot = ledger.takeHandled(); slot >= 0; slot = ledger.takeHandled()) {
      const blocks = this.#sentBlocks.get(slot)
      const lane = slot < LINK_LIMITS.windowMessages ? this.#messages : this.#replies
      lane.free(slot, this.#sent[slot] as string, blocks)
      this.#sent[slot] = undefined
      if (blocks !== undefined) {
        this.#sentBlocks.delete(slot)
        this.#release(blocks)
      }
      settled += 1
    }
    return settled
  }

  /** Gives back what the peer never handled, in the order of sending, and empties the outbox. For when the peer has ended. */
  takeUndelivered(): Undelivered[] {
    this.settle()
    const returned: Undelivered[] = []
    for (const slot of this.#unhandledSlots()) {
      const progress = this.#ledger?.hasBegun(slot) === true ? 'begun' : 'not-begun'
      returned.push({ body: this.#sent[slot] as string, blocks: this.#sentBlocks.get(slot), progress })
    }
    for (const lane of [this.#replies, this.#messages]) {
      for (let next = lane.take(); next !== undefined; next = lane.take()) returned.push({ ...next, progress: 'not-begun' })
      lane.freeAll()
    }
    this.#sent.length = 0
    this.#sentBlocks.clear()
    return returned
  }

  /** Slots are taken again in any order, so the order of sending is kept beside them. */
  #unhandledSlots(): number[] {
    const slots = [...this.#sent.keys()].filter(slot => this.#sent[slot] !== undefined)
    return slots.toSorted((a, b) => (this.#sentOrder[a] as number) - (this.#sentOrder[b] as number))
  }
}
