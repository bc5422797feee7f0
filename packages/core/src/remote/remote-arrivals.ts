import { LINK_LIMITS } from '../base/values/limits.js'

const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies
const ARRIVED = 1
const BEGUN = 2
const FINISHED = 3
const REFUSED = 4

/** The bytes of shared memory that the arrivals of a link take. */
export const ARRIVALS_BYTES = 4 + SLOTS

/**
 * How far the messages have come that arrived on a remote link, by slot, in memory that outlives the thread: when it
 * has died, its main thread says what was begun.
 *
 * One thread writes it.
 */
export class RemoteArrivals {
  readonly #frames: Int32Array
  readonly #states: Uint8Array

  /** @param memory At least `ARRIVALS_BYTES` of zeroed shared memory. */
  constructor(memory: SharedArrayBuffer) {
    this.#frames = new Int32Array(memory, 0, 1)
    this.#states = new Uint8Array(memory, 4, SLOTS)
  }

  /** How many frames have been taken. */
  get received(): number {
    return Atomics.load(this.#frames, 0)
  }

  /** Whether a number can be that of a slot. */
  static isSlot(slot: unknown): slot is number {
    return Number.isInteger(slot) && (slot as number) >= 0 && (slot as number) < SLOTS
  }

  /** A message is there. Returns false, and nothing has changed, when there is one in its slot already. */
  take(slot: number): boolean {
    const state = this.#states[slot]
    if (state === ARRIVED || state === BEGUN) return false
    this.#states[slot] = ARRIVED
    return true
  }

  /** All messages of a frame are there. */
  took(frame: number): void {
    Atomics.store(this.#frames, 0, frame)
  }

  begin(slot: number): void {
    this.#states[slot] = BEGUN
  }

  finish(slot: number): void {
    this.#states[slot] = this.#states[slot] === ARRIVED ? REFUSED : FINISHED
  }

  /**
   * The slots of messages that were not begun, of those begun and not finished, and of those finished without being
   * begun.
   */
  get states(): {
    readonly unbegun: readonly number[]
    readonly begun: readonly number[]
    readonly refused: readonly number[]
  } {
    const slotsIn = (state: number): number[] => [...this.#states.keys()].filter(slot => this.#states[slot] === state)
    return { unbegun: slotsIn(ARRIVED), begun: slotsIn(BEGUN), refused: slotsIn(REFUSED) }
  }
}
