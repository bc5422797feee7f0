import { availableParallelism } from 'node:os'
import { throwUncaught } from '../../base/errors/uncaught.js'
import { optimisations } from '../../base/runtime/optimisations.js'
import { eventLoopTurned, monotonicMs, nextTick } from '../../base/runtime/real-timers.js'
import { inRootContext } from '../../base/runtime/root-context.js'
import { catchUpLinks } from '../../base/time/caught-up.js'
import { threadCount, words } from '../../words/this-thread.js'
import { SpinPolicy } from './spin-policy.js'

/** Frames that one link may have received in a turn before the others have theirs. */
const FRAMES_A_TURN = 16
const CORES = availableParallelism()
/** How long turns may follow each other before timers and IO of the thread have theirs. */
const BUSY_MS = 2

/** What has something to send at the end of a turn. */
export interface Flushable {
  /** Sends what may be sent. */
  flush(): void
  /** Sends nothing more. */
  close(): void
}

/** A link, as the reactor serves it. */
export interface Served extends Flushable {
  /** Whether frames have come that were not received yet. */
  readonly hasFrames: boolean
  /** Whether slots that the peer gives back are awaited here. */
  readonly awaitsSlots: boolean
  /** The number of the last frame that the peer has sent. */
  readonly lastFrame: number
  /** Whether a frame of that number is yet to be received. */
  lacks(frame: number): boolean
  /** Receives what has come, so many frames at most. */
  drain(frames: number): Promise<unknown>
  /** Wakes the peer. */
  ringPeer(): void
}

/**
 * The one loop in each thread that moves all its messages.
 *
 * A turn: drain all links, let everything that this woke run, then flush, so that one frame holds all that the turn had
 * to say to a peer. When there is nothing to do the thread sleeps on its bell. After `BUSY_MS` it yields to the event
 * loop, so that timers and IO never starve.
 */
export class Reactor {
  readonly #links = new Set<Served>()
  readonly #dirty = new Set<Flushable>()
  readonly #toRing = new Set<Served>()
  readonly #spinPolicy = new SpinPolicy()
  #isRunning = false
  #isInTurn = false
  #isFlushPlanned = false
  #isYielding = false

  /** Serves a link from now on. */
  add(link: Served): void {
    this.#links.add(link)
    // It serves all links, whichever came first.
    if (!this.#isRunning) void inRootContext(() => this.#run())
    else words.bell.ring()
  }

  /** Serves a link no more. */
  remove(link: Served): void {
    this.#links.delete(link)
    this.#dirty.delete(link)
    this.#toRing.delete(link)
    // The loop wakes up to see whether any are left.
    words.bell.ring()
  }

  /**
   * Whether the loop waits for the event loop now, which shows among the active resources of the thread as one
   * immediate.
   */
  get isYielding(): boolean {
    return this.#isYielding
  }

  /** Flushes a link at the end of this turn, or, outside of a turn, when all tasks that can run now have run. */
  flushLater(link: Flushable): void {
    this.#dirty.add(link)
    this.#planFlush()
  }

  /** Rings a link's peer at that time. */
  ringLater(link: Served): void {
    this.#toRing.add(link)
    this.#planFlush()
  }

  /** Resolves when all frames were received that had come by now. */
  async caughtUp(): Promise<void> {
    let behind = Array.from(this.#links, link => ({ link, frame: link.lastFrame })).filter(isBehind)
    while (behind.length > 0) {
      words.bell.ring()
      await eventLoopTurned()
      behind = behind.filter(isBehind)
    }
  }

  /** Sends what the windows allow, now. For a thread that ends within this turn. */
  flushNow(): void {
    for (const link of this.#links) flush(link)
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    let busySince = monotonicMs()
    while (this.#links.size > 0) {
      let hasSlept = false
      let hasEscaped = false
      try {
        const seen = words.bell.rings
        this.#isInTurn = true
        for (const link of this.#links) if (link.hasFrames) await drain(link)
        await everybodyRan()
        this.#isInTurn = false
        // A ring without frames says that a peer gave slots back.
        for (const link of this.#links) if (link.awaitsSlots) this.#dirty.add(link)
        this.#flush()
        hasSlept = words.bell.rings === seen && !this.#hasFrames() && (await this.#wait(seen))
      } catch (error) {
        // All links of this thread depend on the loop, so it goes on; timers and IO have their turn even if the next one is no better.
        throwUncaught(error)
        hasEscaped = true
        this.#isInTurn = false
      }
      if (hasSlept) {
        busySince = monotonicMs()
      } else if (hasEscaped || monotonicMs() - busySince > BUSY_MS) {
        this.#isYielding = true
        await eventLoopTurned()
        this.#isYielding = false
        busySince = monotonicMs()
      }
    }
    this.#isRunning = false
  }

  /** Waits for a ring. Returns whether the thread slept, and so its event loop turned. */
  async #wait(seen: number): Promise<boolean> {
    // Where threads outnumber cores, a spinning thread takes time from a working one.
    const spinMs = !optimisations.spin || threadCount.threads > CORES ? 0 : this.#spinPolicy.spinMs
    if (spinMs > 0 && words.bell.spin(seen, spinMs)) {
      this.#spinPolicy.spun()
      return false
    }
    const sleptAt = monotonicMs()
    await words.bell.sleep(seen)
    this.#spinPolicy.slept(monotonicMs() - sleptAt, spinMs > 0)
    return true
  }

  #hasFrames(): boolean {
    for (const link of this.#links) if (link.hasFrames) return true
    return false
  }

  #planFlush(): void {
    if (this.#isInTurn || this.#isFlushPlanned) return
    this.#isFlushPlanned = true
    void everybodyRan().then(() => {
      this.#isFlushPlanned = false
      if (!this.#isInTurn) this.#flush()
    })
  }

  #flush(): void {
    const dirty = [...this.#dirty]
    const toRing = [...this.#toRing]
    this.#dirty.clear()
    this.#toRing.clear()
    for (const link of dirty) flush(link)
    for (const link of toRing) ringPeer(link)
  }
}

/** Whether a frame is yet to be received. */
function isBehind({ link, frame }: { readonly link: Served; readonly frame: number }): boolean {
  return link.lacks(frame)
}

/** A link that cannot be read must not stop the others: it is closed, and its error belongs to the thread alone. */
async function drain(link: Served): Promise<void> {
  try {
    await link.drain(FRAMES_A_TURN)
  } catch (error) {
    giveUp(link, error)
  }
}

/** Nor must one that cannot be written to. */
function flush(link: Flushable): void {
  try {
    link.flush()
  } catch (error) {
    giveUp(link, error)
  }
}

function ringPeer(link: Served): void {
  try {
    link.ringPeer()
  } catch (error) {
    giveUp(link, error)
  }
}

function giveUp(link: Flushable, error: unknown): void {
  throwUncaught(error)
  try {
    link.close()
  } catch (another) {
    throwUncaught(another)
  }
}

const RESOLVED = Promise.resolve()

/**
 * Resolves when the microtask queue was empty: Node runs next ticks only then. Its queueMicrotask would make an
 * AsyncResource for each call.
 */
function everybodyRan(): Promise<void> {
  return new Promise(resolve => void RESOLVED.then(() => nextTick(resolve)))
}

/** The reactor of this thread. */
export const reactor = new Reactor()

catchUpLinks(() => reactor.caughtUp())
