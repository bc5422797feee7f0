/** Messages that one lane can tell apart. */
const MAX_MESSAGES = 4 * 1024 * 1024

const TRIED = 0
const HANDLED = 1
const LAST = 2
const MISORDERED = 3
const ANSWERED = 4
const WORDS = 8

/** The bytes of shared memory that a lane takes. Pages that are never written cost nothing. */
export const LANE_BYTES = WORDS * 4 + 3 * MAX_MESSAGES

/** What the sender of a message knows of it. The number is what stands in shared memory. */
export const TOLD = {
  /** It was about to be sent. When its sender died there, it is unknown whether it was accepted. */
  trying: 0,
  /** A tell that was accepted. */
  told: 1,
  /** It was refused with an error, and so never accepted. */
  refused: 2,
  /** An ask that was accepted. */
  asked: 3,
  answered: 4,
  /** Three endings of an ask whose target's thread went down: its ActorDownError's `progress`. */
  downNotBegun: 5,
  downBegun: 6,
  downHandled: 7,
  /** An ask that ended in any other way. */
  failed: 8,
} as const

/** What was recorded of a message as a dead letter. */
export const LETTER = {
  none: 0,
  notBegun: 1,
  begun: 2,
  /** Its target had stopped. */
  stopped: 3,
  otherReason: 4,
  twice: 5,
} as const

export type Told = (typeof TOLD)[keyof typeof TOLD]
export type Letter = (typeof LETTER)[keyof typeof LETTER]

/** What is known of one message, from all sides. */
export interface Fate {
  readonly told: Told
  /** How often its handler began. */
  readonly handled: number
  readonly letter: Letter
}

/**
 * The ground truth of the numbered messages from one sender to one receiver, in shared memory: it survives both. Each
 * array has one writer: the sender, the receiver, and the listener for dead letters.
 */
export class Lane {
  readonly #words: Int32Array
  readonly #told: Uint8Array
  readonly #handled: Uint8Array
  readonly #letters: Uint8Array

  constructor(memory: SharedArrayBuffer, offset: number) {
    const arrays = offset + WORDS * 4
    this.#words = new Int32Array(memory, offset, WORDS)
    this.#told = new Uint8Array(memory, arrays, MAX_MESSAGES)
    this.#handled = new Uint8Array(memory, arrays + MAX_MESSAGES, MAX_MESSAGES)
    this.#letters = new Uint8Array(memory, arrays + 2 * MAX_MESSAGES, MAX_MESSAGES)
  }

  /** How many messages were tried. */
  get tried(): number {
    return Atomics.load(this.#words, TRIED)
  }

  /** How many messages were begun by their handler. */
  get handled(): number {
    return Atomics.load(this.#words, HANDLED)
  }

  /** How many asks were answered. */
  get answered(): number {
    return Atomics.load(this.#words, ANSWERED)
  }

  /** How many messages were handled after one that was sent later. */
  get misordered(): number {
    return Atomics.load(this.#words, MISORDERED)
  }

  /** The sender: takes the number of the next message, which is `trying` from now on. */
  next(): number {
    const number = this.tried
    if (number === MAX_MESSAGES) throw new RangeError(`Cannot number another message: a lane has ${MAX_MESSAGES}`)
    Atomics.store(this.#words, TRIED, number + 1)
    return number
  }

  /** The sender: notes what it knows of a message. */
  note(number: number, told: Told): void {
    Atomics.store(this.#told, number, told)
    if (told === TOLD.answered) Atomics.add(this.#words, ANSWERED, 1)
  }

  /** The receiver: its handler has begun. */
  handle(number: number): void {
    Atomics.add(this.#handled, number, 1)
    Atomics.add(this.#words, HANDLED, 1)
    // The words are zero at first, so the number itself would be in order by chance.
    if (number + 1 <= Atomics.load(this.#words, LAST)) Atomics.add(this.#words, MISORDERED, 1)
    else Atomics.store(this.#words, LAST, number + 1)
  }

  /** How often the handler of a message has begun. */
  timesHandled(number: number): number {
    return this.#handled[number] as number
  }

  /** The listener for dead letters: one has come. */
  letter(number: number, letter: Letter): void {
    this.#letters[number] = this.#letters[number] === LETTER.none ? letter : LETTER.twice
  }

  /** What became of each message, in the order of sending. */
  *fates(): Generator<Fate> {
    for (let number = 0; number < this.tried; number++) {
      yield {
        told: this.#told[number] as Told,
        handled: this.#handled[number] as number,
        letter: this.#letters[number] as Letter,
      }
    }
  }
}
