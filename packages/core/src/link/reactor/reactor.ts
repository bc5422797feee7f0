import { availableParallelism } from 'node:os'
import { throwUncaught } from '../../base/errors/uncaught.js'
import { optimisations } from '../../base/runtime/optimisations.js'
import { eventLoopTurned, monotonicMs, nextTick, setImmediate } from '../../base/runtime/real-timers.js'
import { inRootContext } from '../../base/runtime/root-context.js'
import { catchUpLinks } from '../../base/time/caught-up.js'
import { threadCount, words } from '../../words/this-thread.js'
import { Round } from './round.js'
import { giveUp, type Flushable, type Served } from './served.js'
import { SpinPolicy } from './spin-policy.js'

const CORES = availableParallelism()
/** How long turns may follow each other before timers and IO of the thread have theirs. */
const BUSY_MS = 2

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
  readonly #round = new Round(this.#links, { ended: () => this.#settle(), failed: error => this.#fail(error) })
  #state: 'stopped' | 'in-turn' | 'between-turns' | 'yielding' | 'asleep' = 'stopped'
  #isFlushPlanned = false
  /** How often the bell had rung when the turn began. */
  #seen = 0
  /** When the event loop has turned last. */
  #busySince = 0
  /** When the thread went to sleep, as far as that matters. */
  #sleptAt: number | undefined
  #hasSpun = false

  /** Serves a link from now on. */
  add(link: Served): void {
    this.#links.add(link)
    // It serves all links, whichever came first.
    if (this.#state === 'stopped') inRootContext(this.#turnFirst)
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
    return this.#state === 'yielding'
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

  /** Begins the first turn since the event loop has turned. */
  readonly #turnFirst = (): void => {
    this.#busySince = monotonicMs()
    this.#turn()
  }

  /** Begins a turn, or stops when there are no links. It throws nothing, like all that it calls. */
  readonly #turn = (): void => {
    this.#state = this.#links.size === 0 ? 'stopped' : 'in-turn'
    if (this.#state === 'stopped') return
    this.#seen = words.bell.rings
    this.#round.begin()
  }

  readonly #settle = (): void => void RESOLVED.then(this.#tick)
  readonly #tick = (): void => nextTick(this.#endTurn)

  readonly #endTurn = (): void => {
    this.#state = 'between-turns'
    try {
      // A ring without frames says that a peer gave slots back.
      for (const link of this.#links) if (link.awaitsSlots) this.#dirty.add(link)
      this.#flush()
      if (words.bell.rings !== this.#seen || this.#hasFrames()) this.#turnAgain()
      else this.#wait()
    } catch (error) {
      this.#fail(error)
    }
  }

  #turnAgain(): void {
    if (monotonicMs() - this.#busySince > BUSY_MS) this.#yield()
    else this.#turn()
  }

  #yield(): void {
    this.#state = 'yielding'
    setImmediate(this.#turnFirst)
  }

  /**
   * All links of this thread depend on the loop, so it goes on; timers and IO have their turn even if the next one is
   * no better.
   */
  readonly #fail = (error: unknown): void => {
    throwUncaught(error)
    this.#yield()
  }

  /** Waits for a ring. */
  #wait(): void {
    // Where threads outnumber cores, a spinning thread takes time from a working one.
    const maySpin = optimisations.spin && threadCount.threads <= CORES
    const spinMs = maySpin ? this.#spinPolicy.spinMs : 0
    if (spinMs > 0 && words.bell.spin(this.#seen, spinMs)) {
      this.#spinPolicy.spun()
      this.#turnAgain()
      return
    }
    if (!words.bell.sleep(this.#seen, this.#woken)) {
      this.#turnAgain()
      return
    }
    this.#state = 'asleep'
    this.#hasSpun = spinMs > 0
    this.#sleptAt = maySpin ? monotonicMs() : undefined
  }

  readonly #woken = (): void => {
    const now = monotonicMs()
    if (this.#sleptAt !== undefined) this.#spinPolicy.slept(now - this.#sleptAt, this.#hasSpun)
    this.#busySince = now
    this.#turn()
  }

  #hasFrames(): boolean {
    for (const link of this.#links) if (link.hasFrames) return true
    return false
  }

  #planFlush(): void {
    if (this.#state === 'in-turn' || this.#isFlushPlanned) return
    this.#isFlushPlanned = true
    void RESOLVED.then(this.#tickThenFlush)
  }

  readonly #tickThenFlush = (): void => nextTick(this.#flushPlanned)

  readonly #flushPlanned = (): void => {
    this.#isFlushPlanned = false
    if (this.#state !== 'in-turn') this.#flush()
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

/** Node's queueMicrotask would make an AsyncResource for each call. */
const RESOLVED = Promise.resolve()

/** The reactor of this thread. */
export const reactor = new Reactor()

catchUpLinks(() => reactor.caughtUp())
