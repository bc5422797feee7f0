import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { ENDINGS, type EndingName } from '../rows/endings.js'
import { Lane, LANE_BYTES } from './lane.js'

/** The ways that messages take, each with a sender and a receiver of its own. */
export const LANES = ['main-to-victim', 'host-to-victim', 'victim-to-main', 'victim-to-host'] as const

export type LaneName = (typeof LANES)[number]

const KEY = 'zera-crash-truth'

const ORDER = 0
const BUSY = 1
const LOOPING = 2
const PUMPING = 3
const RELEASED = 4
const CORRUPT = 5
const READ = 6
const STREAMS = 7
const MISREAD = 8
const BEGUN = 9
const WORDS = 16

/**
 * What all actors of a scenario see and write, in memory that no death takes away: the lanes, and a few words by which
 * the scenario leads them without sending a message.
 *
 * Messages refuse shared memory, so it travels as environment data, which each thread inherits from the one that
 * started it.
 */
export class Truth {
  readonly #words: Int32Array
  readonly #lanes: ReadonlyMap<LaneName, Lane>

  private constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, WORDS)
    this.#lanes = new Map(LANES.map((name, index) => [name, new Lane(memory, WORDS * 4 + index * LANE_BYTES)]))
  }

  /** Makes the truth of this process. To be called in the main thread, before any thread is started. */
  static create(): Truth {
    const memory = new SharedArrayBuffer(WORDS * 4 + LANES.length * LANE_BYTES)
    setEnvironmentData(KEY, memory)
    return new Truth(memory)
  }

  /** The truth of this process, in any thread. */
  static find(): Truth {
    return new Truth(getEnvironmentData(KEY) as SharedArrayBuffer)
  }

  lane(name: LaneName): Lane {
    return this.#lanes.get(name) as Lane
  }

  /** How the thread has been ordered to end, if it has. */
  get order(): EndingName | undefined {
    const index = Atomics.load(this.#words, ORDER) - 1
    return index < 0 ? undefined : ENDINGS[index]?.name
  }

  /** Orders the thread to end. */
  orderEnd(ending: EndingName): void {
    Atomics.store(this.#words, ORDER, ENDINGS.findIndex(({ name }) => name === ending) + 1)
    Atomics.notify(this.#words, ORDER)
  }

  /** Takes the order back, before the next thread begins. */
  clearOrder(): void {
    for (const word of [ORDER, BUSY, BEGUN, LOOPING, READ]) Atomics.store(this.#words, word, 0)
  }

  /** Resolves when the thread is ordered to end. */
  async ordered(): Promise<EndingName> {
    const waiting = Atomics.waitAsync(this.#words, ORDER, 0)
    if (waiting.async) await waiting.value
    return this.order as EndingName
  }

  /** Whether the thread is in the state that the scenario asked for. */
  get isBusy(): boolean {
    return Atomics.load(this.#words, BUSY) === 1
  }

  noteBusy(): void {
    Atomics.store(this.#words, BUSY, 1)
  }

  /** The handler that is to be given up has begun. */
  noteBegun(): void {
    Atomics.store(this.#words, BEGUN, 1)
    Atomics.notify(this.#words, BEGUN)
  }

  /** Resolves when it has. */
  async begun(): Promise<void> {
    const waiting = Atomics.waitAsync(this.#words, BEGUN, 0)
    if (waiting.async) await waiting.value
  }

  /** Whether the thread is in its endless loop. */
  get isLooping(): boolean {
    return Atomics.load(this.#words, LOOPING) === 1
  }

  noteLooping(): void {
    Atomics.store(this.#words, LOOPING, 1)
  }

  /** Whether everybody sends as fast as they can. */
  get isPumping(): boolean {
    return Atomics.load(this.#words, PUMPING) === 1
  }

  pump(isPumping: boolean): void {
    Atomics.store(this.#words, PUMPING, isPumping ? 1 : 0)
  }

  /** Whether the actors that hold something, or are busy for as long as they may, go on. */
  get isReleased(): boolean {
    return Atomics.load(this.#words, RELEASED) === 1
  }

  release(): void {
    Atomics.store(this.#words, RELEASED, 1)
    Atomics.notify(this.#words, RELEASED)
  }

  /** Holds again, for the next death. */
  hold(): void {
    Atomics.store(this.#words, RELEASED, 0)
  }

  /** Resolves when the actors that hold something may go on. */
  async released(): Promise<void> {
    const waiting = Atomics.waitAsync(this.#words, RELEASED, 0)
    if (waiting.async) await waiting.value
  }

  /** How many readers have had many items of their streams. */
  get readers(): number {
    return Atomics.load(this.#words, READ)
  }

  noteReader(): void {
    Atomics.add(this.#words, READ, 1)
  }

  /** Streams whose end the survivors have yet to see: their readers, or their producers. */
  get streams(): number {
    return Atomics.load(this.#words, STREAMS)
  }

  noteStream(change: 1 | -1): void {
    Atomics.add(this.#words, STREAMS, change)
  }

  /** Items that came in the wrong order, and streams that ended as they must not. */
  get misread(): number {
    return Atomics.load(this.#words, MISREAD)
  }

  noteMisread(): void {
    Atomics.add(this.#words, MISREAD, 1)
  }

  /** Payloads that were not what their sender had sent. */
  get corrupt(): number {
    return Atomics.load(this.#words, CORRUPT)
  }

  noteCorrupt(): void {
    Atomics.add(this.#words, CORRUPT, 1)
  }
}
