import { LINK_LIMITS } from '../base/values/limits.js'

const SENT = 0
const FRAMES = 1
const HANDLED = 2
const WISH = 3
const WRITTEN_OFF = 4
const RECEIVED = 5
const TAKEN_BACK = 6
/** How often the counts of messages that were sent, and that were handled, have wrapped around. */
const SENT_TURNS = 7
const HANDLED_TURNS = 8
const RING = 16
const TURN = 2 ** 32
/** A state of a slot, besides 0 and, when it was begun, 1. */
const WITHDRAWN = 2

const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies
const MASK = SLOTS - 1

/** When the sender wants to be rung because of slots that came back. */
export type Wish = 'never' | 'at-each' | 'when-all-are'

const WISHES: readonly Wish[] = ['never', 'at-each', 'when-all-are']

/** Messages from one thread to another, by what became of them. What is missing for all is under way. */
export interface MessageAccount {
  /** Those that were accepted. */
  readonly sent: number
  /** Those that were handled, whatever came of it. */
  readonly handled: number
  /** Those that came back to their sender, which has sent them elsewhere, or reported them as undelivered. */
  readonly givenBack: number
  /** Those that died with a thread. */
  readonly lost: number
}

/** What any thread can read of a ledger, whatever the sender and the receiver are doing. It only grows. */
export interface LedgerReading extends MessageAccount {
  /** Whether the sender waits for the receiver to give slots back. */
  readonly isStalled: boolean
}

/** No messages. */
export const NO_MESSAGES: MessageAccount = { sent: 0, handled: 0, givenBack: 0, lost: 0 }

/** Several accounts as one. */
export function sumOfAccounts(accounts: Iterable<MessageAccount>): MessageAccount {
  let sum = NO_MESSAGES
  for (const { sent, handled, givenBack, lost } of accounts)
    sum = {
      sent: sum.sent + sent,
      handled: sum.handled + handled,
      givenBack: sum.givenBack + givenBack,
      lost: sum.lost + lost,
    }
  return sum
}

/** Messages that were accepted and not settled yet: they wait at the sender, are under way, or wait at the receiver. */
export function underWay({ sent, handled, givenBack, lost }: MessageAccount): number {
  return sent - handled - givenBack - lost
}

/** The bytes of shared memory that a ledger takes. */
export const LEDGER_BYTES = (RING + SLOTS) * 4 + SLOTS

/**
 * Makes the memory of the ledgers that one process has of a link.
 *
 * Memory that could grow is the system's own, which gives a page when it is first touched: links that are used little
 * cost a tenth of their ledgers. Other memory comes from what has been freed, and is cleared first.
 */
export function ledgerMemory(ledgers: 1 | 2): SharedArrayBuffer {
  const sizeBytes = ledgers * LEDGER_BYTES
  return new SharedArrayBuffer(sizeBytes, { maxByteLength: sizeBytes })
}

/**
 * The account of one direction of a link, in shared memory, so that it outlives either thread.
 *
 * Each message under way has a slot. The sender takes a slot to send; the receiver marks it begun, then handled, which
 * gives it back. So a slot is credit (a sender without one waits), acknowledgement, and evidence: after the receiver's
 * death the sender reads which messages were handled, which were begun, which were never seen. After the sender's death
 * the receiver reads how many it had accepted, and so how many died with it. No message is spent on any of this.
 *
 * One thread is the sender and one the receiver. The thread that made the link writes off what neither can settle.
 * Every word has a single writer, except the mark of a message that may be withdrawn: the sender or the receiver,
 * whichever comes first, decides whether it is begun.
 */
export class Ledger {
  readonly #words: Int32Array
  readonly #begun: Uint8Array
  #sent = 0
  #takenBack = 0
  #frames = 0
  #handled = 0
  #taken = 0
  #wish: Wish = 'never'

  /** @param memory At least `LEDGER_BYTES` of zeroed shared memory from `offset` on. */
  constructor(memory: SharedArrayBuffer, offset: number) {
    this.#words = new Int32Array(memory, offset, RING + SLOTS)
    this.#begun = new Uint8Array(memory, offset + (RING + SLOTS) * 4, SLOTS)
  }

  // The sender's side.

  /**
   * Counts messages as accepted: from here on they are sent, given back, or counted as lost with this thread. Others
   * look when the thread has ended, so a plain write will do.
   */
  accept(messages: number): void {
    const before = this.#sent
    this.#sent = (before + messages) | 0
    this.#words[SENT] = this.#sent
    if (before < 0 && this.#sent >= 0) Atomics.add(this.#words, SENT_TURNS, 1)
  }

  /** Counts a frame as sent, right after the native send and inside the same stay in the kill gate. */
  frameSent(): void {
    this.#frames = (this.#frames + 1) | 0
    Atomics.store(this.#words, FRAMES, this.#frames)
  }

  /** The number of the frame that is sent next. */
  get nextFrame(): number {
    return (this.#frames + 1) | 0
  }

  /** How many frames were received; it wraps around at 2^32. */
  get framesReceived(): number {
    return Atomics.load(this.#words, RECEIVED)
  }

  /** Takes messages out of the account that have come back to their sender and that it has dealt with. */
  takeBack(messages: number): void {
    this.#takenBack = (this.#takenBack + messages) | 0
    this.#words[TAKEN_BACK] = this.#takenBack
  }

  /** Clears a slot before it is sent again. */
  clear(slot: number): void {
    this.#begun[slot] = 0
  }

  /** Takes the next slot that the receiver has given back, or -1 when it has given back no more. */
  takeHandled(): number {
    if (this.#taken === Atomics.load(this.#words, HANDLED)) return -1
    const slot = this.#words[RING + (this.#taken & MASK)] as number
    this.#taken = (this.#taken + 1) | 0
    return slot
  }

  /** Withdraws what is in a slot, so that the receiver does not begin it; nothing happens when it has. */
  withdraw(slot: number): void {
    Atomics.compareExchange(this.#begun, slot, 0, WITHDRAWN)
  }

  /** Whether the receiver began to handle what is in a slot. */
  hasBegun(slot: number): boolean {
    return this.#begun[slot] === 1
  }

  /**
   * Says when the receiver is to ring for slots that it gives back: for each, when it has handled all that it received,
   * or never.
   */
  wish(wish: Wish): void {
    if (wish === this.#wish) return
    this.#wish = wish
    Atomics.store(this.#words, WISH, WISHES.indexOf(wish))
  }

  // The receiver's side.

  /** How many messages the sender has accepted and not taken back; it wraps around at 2^32. */
  get accepted(): number {
    return (Atomics.load(this.#words, SENT) - Atomics.load(this.#words, TAKEN_BACK)) | 0
  }

  /** How many frames were sent; it wraps around at 2^32. Cheaper than asking the socket (8 against 550 ns). */
  get frames(): number {
    return Atomics.load(this.#words, FRAMES)
  }

  /** Counts frames as received: their memory may be used again. */
  received(frames: number): void {
    Atomics.store(this.#words, RECEIVED, frames)
  }

  /** Marks a message as begun. */
  begin(slot: number): void {
    this.#begun[slot] = 1
  }

  /** Marks a message as begun that may be withdrawn. Returns whether it was not. */
  beginIfWanted(slot: number): boolean {
    return Atomics.compareExchange(this.#begun, slot, 0, 1) !== WITHDRAWN
  }

  /** Marks a message as handled, whatever came of it, and gives its slot back. */
  finish(slot: number): void {
    this.#words[RING + (this.#handled & MASK)] = slot
    this.#handled = (this.#handled + 1) | 0
    Atomics.store(this.#words, HANDLED, this.#handled)
    if (this.#handled === 0) Atomics.add(this.#words, HANDLED_TURNS, 1)
  }

  /** How many messages the receiver has handled; it wraps around at 2^32. */
  get handled(): number {
    return this.#handled
  }

  /** When the sender wants to be rung. */
  get wished(): Wish {
    return WISHES[Atomics.load(this.#words, WISH)] as Wish
  }

  // For the thread that made the link, when one side has ended.

  /** Takes messages that never arrived out of the account, once a thread has learned how many there were. */
  writeOff(messages: number): void {
    Atomics.add(this.#words, WRITTEN_OFF, messages)
  }

  // For whoever looks.

  get reading(): LedgerReading {
    // What was sent is read last, so that nothing seems to be handled that was not sent.
    return {
      handled: this.#counted(HANDLED, HANDLED_TURNS),
      givenBack: Atomics.load(this.#words, TAKEN_BACK),
      lost: Atomics.load(this.#words, WRITTEN_OFF),
      sent: this.#counted(SENT, SENT_TURNS),
      isStalled: this.wished === 'at-each',
    }
  }

  /** Messages that were accepted and whose fate is unknown. */
  get unsettled(): number {
    return (this.accepted - Atomics.load(this.#words, HANDLED) - Atomics.load(this.#words, WRITTEN_OFF)) | 0
  }

  /** What a word has counted in all. */
  #counted(word: number, turns: number): number {
    return Atomics.load(this.#words, turns) * TURN + (Atomics.load(this.#words, word) >>> 0)
  }
}
