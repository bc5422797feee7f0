import { Bell } from './bell.js'
import { KillGate } from './kill-gate.js'
import { LoadGate } from './load-gate.js'

const BELL = 0
const GATE = 2
const HELD = 3
const HEAP = 4
const LOADS = 5
const WORDS = 6

/**
 * The few words of shared memory that a thread shows to the others: its bell, its gates, how many messages it holds,
 * and whether its heap is full.
 */
export class ThreadWords {
  readonly memory: SharedArrayBuffer
  readonly bell: Bell
  readonly gate: KillGate
  /** Whatever loads modules in a thread that may be killed does it by this. */
  readonly loads: LoadGate
  readonly #words: Int32Array

  constructor(memory = new SharedArrayBuffer(WORDS * 4)) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.bell = new Bell(this.#words.subarray(BELL, GATE))
    this.gate = new KillGate(this.#words.subarray(GATE, HELD))
    this.loads = new LoadGate(this.#words.subarray(LOADS, WORDS))
  }

  /** Messages that the thread has accepted and that no ledger counts. They die with it, so they are counted here. */
  get held(): number {
    return Atomics.load(this.#words, HELD)
  }

  /** The limit in MiB at which the thread found its heap full and ended itself, or 0. */
  get reachedHeapMb(): number {
    return Atomics.load(this.#words, HEAP)
  }

  /** Says so, right before the thread ends. */
  reachHeapLimit(limitMb: number): void {
    Atomics.store(this.#words, HEAP, Math.ceil(limitMb))
  }

  /**
   * Changes that count. Only the thread itself does, and others read it when the thread has ended, so a plain write
   * will do.
   */
  hold(messages: number): void {
    this.#words[HELD] = (this.#words[HELD] as number) + messages
  }
}
