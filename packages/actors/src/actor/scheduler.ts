import { inRootContext, stepInRootContext, throwUncaught, type Clock } from '@zera/core/internal'

/** Something that has work to do, a piece at a time. */
export interface Runnable {
  /**
   * Does one piece of work. Returns whether more is there to do at once. After a throw it does not run again until it
   * is added again.
   */
  runOne(): boolean
}

/** How long actors may run on before timers and IO of their thread have a turn. */
const SLICE_MS = 2
/** A piece that takes longer is slow: its messages, which may be awaited answers, leave before the next piece begins. */
const SLOW_MS = 0.2
/** Milliseconds until the next check whether anything may run, when nothing may. */
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
   * @param looked Gets the time whenever the scheduler looks at the clock.
   * @param mayRun Asked before each piece of work; nothing runs while it returns false.
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

  /** Whatever schedules it, it runs outside of any async context, and so does each message. */
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
        // A single item need not queue again.
        if (!hasMore) head += 1
        else if (head < this.#queue.length - 1) this.#queue.push(this.#queue[head++] as Runnable)
        if (++pieces % this.#piecesBetweenLooks === 0 && this.#pace(begunAt, pieces)) break
      }
      // What is slow must be known before it comes again.
      if (pieces % this.#piecesBetweenLooks !== 0) this.#pace(begunAt, pieces)
    } catch (error) {
      // Whatever goes wrong here, the other actors of this thread get their turn.
      throwUncaught(error)
    }
    this.#queue.splice(0, head)
    this.#isPlanned = this.#queue.length > 0
    if (!this.#isPlanned) return
    if (mayRun) this.#clock.soon(this.#run)
    else this.#clock.after(FORBIDDEN_MS, this.#run)
  }

  /** Looks at the clock, and decides how soon to look again. Returns whether it is time to pause. */
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

/** What one of them throws becomes an uncaught error of the thread, and its turn is over. */
function runOne(runnable: Runnable): boolean {
  try {
    return runnable.runOne()
  } catch (error) {
    throwUncaught(error)
    return false
  }
}
