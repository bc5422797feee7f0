import { inRootContext, stepInRootContext, throwUncaught } from '@zera/core/internal'
import type { Clock } from '../model/time/clock.js'

/** Something that has work to do, a piece at a time. */
export interface Runnable {
  /**
   * Does one piece of work. Returns whether more is there to do at once. What throws is not run again before it is
   * added again.
   */
  runOne(): boolean
}

/** How long actors may run on before timers and IO of their thread have a turn. */
const SLICE_MS = 2
/**
 * A piece that takes longer is slow: what it has to say, an answer that somebody waits for, leaves before the next one
 * begins.
 */
const SLOW_MS = 0.2
/** Milliseconds until it is asked again whether anything may run, when nothing may. */
const FORBIDDEN_MS = 10
/** A look at the clock costs a quarter of a fast piece. */
const PIECES_BETWEEN_LOOKS = 32

const RESOLVED = Promise.resolve()

/**
 * Runs the actors of a host in turn: each has one message, then the next has one. What they send leaves when they have
 * all run, when they are slow, or when their slice is over.
 */
export class Scheduler {
  readonly #clock: Clock
  readonly #looked: (now: number) => void
  readonly #mayRun: (() => boolean) | undefined
  #queue: Runnable[] = []
  #piecesBetweenLooks = PIECES_BETWEEN_LOOKS
  #isPlanned = false
  #isStopped = false

  /**
   * @param looked Is told what the clock says whenever it is looked at.
   * @param mayRun Is asked before each piece of work; nothing runs while it says no.
   */
  constructor(clock: Clock, looked: (now: number) => void = () => undefined, mayRun?: () => boolean) {
    this.#clock = clock
    this.#looked = looked
    this.#mayRun = mayRun
  }

  /** Adds something with work to do. It must not be in the queue already. */
  add(runnable: Runnable): void {
    if (this.#isStopped) return
    this.#queue.push(runnable)
    if (this.#isPlanned) return
    this.#isPlanned = true
    // Node's queueMicrotask makes an AsyncResource for each call; a resolved promise does not.
    void RESOLVED.then(this.#run)
  }

  /** Runs nothing any more. */
  stop(): void {
    this.#isStopped = true
    this.#queue = []
  }

  /** Whoever plans it, it runs in the context of nobody, and so does each message. */
  readonly #run = (): void => inRootContext(this.#turn)

  readonly #turn = (): void => {
    let head = 0
    let mayRun = true
    try {
      const begunAt = this.#look()
      let pieces = 0
      while (head < this.#queue.length) {
        if (this.#mayRun?.() === false) {
          mayRun = false
          break
        }
        const hasMore = stepInRootContext(runOne, this.#queue[head] as Runnable)
        // Who is alone need not stand in line again.
        if (!hasMore) head += 1
        else if (head < this.#queue.length - 1) this.#queue.push(this.#queue[head++] as Runnable)
        if (++pieces % this.#piecesBetweenLooks === 0 && this.#pace(begunAt, pieces)) break
      }
      // What is slow must be known before it comes again.
      if (pieces % this.#piecesBetweenLooks !== 0) this.#pace(begunAt, pieces)
    } catch (error) {
      // Whatever goes wrong here, the others of this thread have their turn.
      throwUncaught(error)
    }
    this.#queue.splice(0, head)
    this.#isPlanned = this.#queue.length > 0
    if (!this.#isPlanned) return
    if (mayRun) this.#clock.soon(this.#run)
    else this.#clock.after(FORBIDDEN_MS, this.#run)
  }

  /** Looks at the clock, and decides how soon it is looked at again. Returns whether it is time to pause. */
  #pace(begunAt: number, pieces: number): boolean {
    const tookMs = this.#look() - begunAt
    const isSlow = tookMs > pieces * SLOW_MS
    this.#piecesBetweenLooks = isSlow ? 1 : PIECES_BETWEEN_LOOKS
    return isSlow || tookMs > SLICE_MS
  }

  #look(): number {
    const now = this.#clock.now()
    this.#looked(now)
    return now
  }
}

/** What one of them throws is an uncaught error of the thread, and its turn is over. */
function runOne(runnable: Runnable): boolean {
  try {
    return runnable.runOne()
  } catch (error) {
    throwUncaught(error)
    return false
  }
}
