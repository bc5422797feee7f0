import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

const SENT = 0
const LAST = 1
const MISORDERED = 2
const BEGUN = 3
const WORDS = 4

/** Messages that one track can tell apart. Pages that are never written cost nothing. */
const MAX_MESSAGES = 16 * 1024 * 1024

const TRACK_BYTES = WORDS * 4 + MAX_MESSAGES

const KEY = 'zera-stress-tracks'

/** Makes so many tracks, for all threads that are started from now on. */
export function createTracks(count: number): Track[] {
  const memory = new SharedArrayBuffer(count * TRACK_BYTES)
  setEnvironmentData(KEY, memory)
  return Array.from({ length: count }, (_, index) => new Track(memory, index))
}

/** A track, in any thread. */
export function findTrack(index: number): Track {
  return new Track(getEnvironmentData(KEY) as SharedArrayBuffer, index)
}

/** The truth about the numbered messages from one sender to one receiver, in shared memory, which survives both. */
export class Track {
  readonly #words: Int32Array
  readonly #handled: Uint8Array

  constructor(memory: SharedArrayBuffer, index: number) {
    this.#words = new Int32Array(memory, index * TRACK_BYTES, WORDS)
    this.#handled = new Uint8Array(memory, index * TRACK_BYTES + WORDS * 4, MAX_MESSAGES)
  }

  /** Whether so many more messages can be told apart. */
  hasRoom(messages: number): boolean {
    return this.sent + messages <= MAX_MESSAGES
  }

  /** Messages that were accepted, and the number of the next. */
  get sent(): number {
    return Atomics.load(this.#words, SENT)
  }

  /**
   * Messages of which it is unknown whether they were accepted: their sender died while it sent them, and its next life
   * sent them again.
   */
  get unsure(): number {
    return Atomics.load(this.#words, BEGUN) - this.sent
  }

  /**
   * Messages that were handled, each counted once. They are counted now: a separate counter would be wrong by one when
   * a thread dies between the two.
   */
  get handled(): number {
    return this.#count(times => times > 0)
  }

  /** Messages that were handled more than once. */
  get handledAgain(): number {
    return this.#count(times => times > 1)
  }

  /** Messages that were handled after one that was sent later, or again without being marked. */
  get misordered(): number {
    return Atomics.load(this.#words, MISORDERED)
  }

  /** The sender: a message is about to be sent. */
  countBegun(): void {
    Atomics.add(this.#words, BEGUN, 1)
  }

  /** The sender: a message was accepted. If it dies before it has said so, the next life sends that number again. */
  countSent(): void {
    Atomics.add(this.#words, SENT, 1)
  }

  /**
   * The receiver: its handler has begun.
   *
   * @param redelivered How often it had begun before.
   */
  handle(number: number, redelivered: number): void {
    // The words are zero at first, so numbers count from 1 here.
    const last = Atomics.load(this.#words, LAST)
    const isAgain = Atomics.add(this.#handled, number, 1) > 0
    const isInOrder = number + 1 > last || (isAgain && redelivered > 0 && number + 1 === last)
    if (!isInOrder) Atomics.add(this.#words, MISORDERED, 1)
    if (number + 1 > last) Atomics.store(this.#words, LAST, number + 1)
  }

  #count(isCounted: (times: number) => boolean): number {
    return this.#handled.subarray(0, this.sent).reduce((count, times) => (isCounted(times) ? count + 1 : count), 0)
  }
}
