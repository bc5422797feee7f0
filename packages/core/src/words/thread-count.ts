import { machineNs } from '../base/runtime/real-timers.js'

/** Threads that are known one by one; of others it is only known how many there are. */
const MOST_KNOWN = 255

const OTHERS = 0
/** The word of the main thread, behind which those of the others come. */
const MAIN = 1

/** A thread that slept less than this will be awake again before long. */
const SHORT_SLEEP_MS = 20

// What the word of a thread says; else it sleeps, since that time.
const NOBODY = 0
const AWAKE = -1

/** A thread that is counted. */
export interface CountedThread {
  /** Where it says whether it is awake, or -1. */
  readonly place: number
  /** It has ended. */
  readonly ended: () => void
}

/**
 * How many threads Zera has in this process, the main thread with them, and how many of them are active, in memory that
 * all of them see.
 */
export class ThreadCount {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #place: number
  readonly #now: () => number

  /** @param place That of this thread. Default: that of the main thread. */
  constructor(memory = new SharedArrayBuffer(4 * (MAIN + 1 + MOST_KNOWN)), place = MAIN, now = machineMs) {
    this.memory = memory
    this.#now = now
    this.#words = new Int32Array(memory)
    this.#place = place
    this.awoke()
  }

  get threads(): number {
    return 1 + Atomics.load(this.#words, OTHERS)
  }

  /** How many are awake, or have slept for some milliseconds at most. */
  get active(): number {
    const now = this.#timeMs()
    let { threads: active } = this
    for (let place = MAIN, left = active; left > 0 && place < this.#words.length; place++) {
      const state = Atomics.load(this.#words, place)
      if (state !== NOBODY) left -= 1
      if (state > NOBODY && Math.abs(now - state) > SHORT_SLEEP_MS) active -= 1
    }
    return active
  }

  /** This thread sleeps from now on. */
  fellAsleep(): void {
    this.#say(this.#timeMs())
  }

  /** This thread is awake again. */
  awoke(): void {
    this.#say(AWAKE)
  }

  /** One more thread. */
  count(): CountedThread {
    Atomics.add(this.#words, OTHERS, 1)
    const place = this.#takePlace()
    return {
      place,
      ended: () => {
        if (place >= 0) Atomics.store(this.#words, place, NOBODY)
        Atomics.sub(this.#words, OTHERS, 1)
      },
    }
  }

  /** A time that all threads share: never 0, and it begins anew each 12 days. */
  #timeMs(): number {
    return (this.#now() % 2 ** 30) + 1
  }

  #say(state: number): void {
    // Only this thread writes there while it lives, and nothing depends on when others see it.
    if (this.#place >= 0) this.#words[this.#place] = state
  }

  #takePlace(): number {
    for (let place = MAIN + 1; place < this.#words.length; place++)
      if (Atomics.compareExchange(this.#words, place, NOBODY, AWAKE) === NOBODY) return place
    return -1
  }
}

function machineMs(): number {
  return Number(machineNs() / 1_000_000n)
}
