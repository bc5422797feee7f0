import { availableParallelism } from 'node:os'
import { throwUncaught } from '../../base/errors/uncaught.js'
import { optimisations } from '../../base/runtime/optimisations.js'
import { eventLoopTurned, monotonicMs, nextTick, setImmediate } from '../../base/runtime/real-timers.js'
import { inRootContext } from '../../base/runtime/root-context.js'
import { catchUpLinks } from '../../base/time/caught-up.js'
import { threadCount, words } from '../../words/this-thread.js'
import { AfterMicrotasks } from './after-microtasks.js'
import { flush, Outgoing } from './outgoing.js'
import { Round } from './round.js'
import type { Flushable, Served } from './served.js'
import { SpinPolicy } from './spin-policy.js'

const CORES = availableParallelism()
/** How long turns may follow each other before timers and IO of the thread have theirs. */
const BUSY_MS = 2
/**
 * How often code may await, between the frame that woke it and what it sends, so that this leaves with the others. Most
 * handlers and callers await less.
 */
const MICROTASKS_A_TURN = 3
/** Turns that may follow each other before ticks have theirs, which take as long as a short turn. */
const TURNS_A_TICK = 4

/**
 * `rouse`d is a thread that runs code in the midst of its sleep, and looks at its bell when that has sent what it had
 * to say.
 */
type State = 'stopped' | 'in-turn' | 'between-turns' | 'yielding' | 'asleep' | 'roused'

/**
 * The one loop in each thread that moves all its messages.
 *
 * A turn: receive what has come on all links, let run what this woke, then flush, so that one frame holds all that the
 * turn had to say to a peer. When there is nothing to do the thread sleeps on its bell. Each fourth turn waits for
 * ticks, and after `BUSY_MS` it yields to the event loop, so that these, timers and IO never starve.
 *
 * A thread has one bell, and so one reactor.
 */
export class Reactor {
  readonly #links = new Set<Served>()
  readonly #outgoing = new Outgoing()
  readonly #spinPolicy = new SpinPolicy()
  readonly #round = new Round(this.#links, {
    // A peer that waits for room works while this thread goes on.
    passed: () => this.#outgoing.ringWhereDue(),
    ended: () => this.#turnEnd.start(),
    failed: error => this.#fail(error),
  })
  readonly #turnEnd = new AfterMicrotasks(MICROTASKS_A_TURN, () => this.#endTurn())
  readonly #flushSoon = new AfterMicrotasks(MICROTASKS_A_TURN, () => this.#flushPlanned())
  #state: State = 'stopped'
  #isFlushPlanned = false
  /** Whether a flush outside of a turn went before microtasks that waited, which may have more to send. */
  #hasHurried = false
  /** How often the bell had rung when the turn began. */
  #seen = 0
  /** When the event loop has turned last. */
  #busySince = 0
  /** When the thread went to sleep, where that matters. */
  #sleptAt: number | undefined
  #hasSpun = false
  /** How long it looks for a ring before that. */
  #spinMs = 0
  /** Whether a peer was looking when this thread rang, since that has slept or looked itself. */
  #hasPeerLooked = false
  #turnsInARow = 0

  /** Serves a link from now on. */
  add(link: Served): void {
    this.#links.add(link)
    // It serves all links, whichever came first.
    if (this.#state === 'stopped') inRootContext(this.#beginTurns)
    else words.bell.ring()
  }

  /** Serves a link no more. */
  remove(link: Served): void {
    this.#links.delete(link)
    this.#outgoing.remove(link)
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

  /** Flushes a link at the end of this turn, or, outside of a turn, when code that runs now has run. */
  flushLater(link: Flushable): void {
    this.#outgoing.add(link)
    this.#planFlush()
  }

  /** Rings a link's peer at that time. */
  ringLater(link: Served): void {
    this.#outgoing.addRing(link)
    this.#planFlush()
  }

  /** A peer was looking for a ring when this thread rang it: it may answer at once. */
  peerLooked(): void {
    this.#hasPeerLooked = true
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

  // The loop is callbacks that call each other: async functions would make a dozen promises a turn. None of them throws.

  /** Begins the first turn since the event loop has turned. */
  readonly #beginTurns = (): void => {
    this.#busySince = monotonicMs()
    this.#turn()
  }

  #turn(): void {
    this.#state = this.#links.size === 0 ? 'stopped' : 'in-turn'
    if (this.#state === 'stopped') return
    this.#hasHurried = false
    this.#seen = words.bell.rings
    this.#round.begin()
  }

  #endTurn(): void {
    this.#state = 'between-turns'
    try {
      // A ring without frames says that a peer gave slots back.
      for (const link of this.#links) if (link.awaitsSlots) this.#outgoing.add(link)
      this.#outgoing.flush()
      if (this.#hasMore()) {
        this.#outgoing.ringWhereDue()
        this.#turnNext()
      } else {
        this.#outgoing.ring()
        this.#rest()
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Begins another turn, each fourth after the ticks that wait. */
  #turnNext(): void {
    this.#turnsInARow = (this.#turnsInARow + 1) % TURNS_A_TICK
    if (this.#turnsInARow === 0) nextTick(this.#turnAgain)
    else this.#turnAgain()
  }

  /** Whether there is something for another turn. */
  #hasMore(): boolean {
    if (words.bell.rings !== this.#seen) return true
    for (const link of this.#links) if (link.hasFrames) return true
    return false
  }

  readonly #turnAgain = (): void => {
    if (monotonicMs() - this.#busySince > BUSY_MS) this.#yield()
    else this.#turn()
  }

  #yield(): void {
    this.#outgoing.ring()
    this.#state = 'yielding'
    setImmediate(this.#beginTurns)
  }

  /**
   * All links of this thread depend on the loop, so it goes on; timers and IO have their turn even if the next one is
   * no better.
   */
  #fail(error: unknown): void {
    throwUncaught(error)
    this.#yield()
  }

  /** Looks for a ring for some time where that pays, and then sleeps. */
  #rest(): void {
    this.#spinMs = this.#spinPolicy.spinMs(this.#hasPeerLooked)
    this.#hasPeerLooked = false
    // Counting threads takes longer, and most of the time there is no reason to look.
    if (this.#spinMs > 0 && maySpin()) nextTick(this.#spin)
    else this.#sleep(false)
  }

  readonly #spin = (): void => {
    const beganAt = monotonicMs()
    if (!words.bell.spin(this.#seen, this.#spinMs, maySpin)) {
      this.#sleep(true)
      return
    }
    this.#spinPolicy.spun(monotonicMs() - beganAt)
    this.#turnAgain()
  }

  #sleep(hasSpun: boolean): void {
    if (!words.bell.sleep(this.#seen, this.#woken)) {
      this.#turnAgain()
      return
    }
    this.#fellAsleep()
    this.#hasSpun = hasSpun
    this.#sleptAt = optimisations.spin ? monotonicMs() : undefined
  }

  readonly #woken = (): void => {
    threadCount.awoke()
    const now = monotonicMs()
    if (this.#sleptAt !== undefined) this.#spinPolicy.slept(now - this.#sleptAt, this.#hasSpun)
    this.#busySince = now
    this.#turn()
  }

  /** Code that runs outside of a turn has something to send. Once it may go before others that run; then all have run. */
  #planFlush(): void {
    if (this.#state === 'in-turn' || this.#isFlushPlanned) return
    this.#isFlushPlanned = true
    if (this.#state === 'asleep' && optimisations.lazy) this.#rouse()
    // A tick alone would come before all microtasks where none brought us here.
    if (this.#hasHurried) void RESOLVED.then(this.#flushInTick)
    else this.#flushSoon.start()
    this.#hasHurried = true
  }

  readonly #flushInTick = (): void => nextTick(this.#flushPatiently)

  readonly #flushPatiently = (): void => {
    this.#hasHurried = false
    this.#flushPlanned()
  }

  #flushPlanned(): void {
    this.#isFlushPlanned = false
    if (this.#state !== 'in-turn') {
      this.#outgoing.flush()
      this.#outgoing.ring()
    }
    if (this.#state === 'roused') this.#sleepOn()
  }

  #fellAsleep(): void {
    this.#state = 'asleep'
    threadCount.fellAsleep()
  }

  #rouse(): void {
    words.bell.rouse()
    threadCount.awoke()
    this.#state = 'roused'
  }

  #sleepOn(): void {
    if (words.bell.sleep(this.#seen, this.#woken)) this.#fellAsleep()
    // The code that had something to send may run for a request.
    else inRootContext(this.#turnAgain)
  }
}

/** Where the threads that are active outnumber cores, one that spins takes time from one that works. */
function maySpin(): boolean {
  return optimisations.spin && threadCount.active <= CORES
}

/** Whether a frame is yet to be received. */
function isBehind({ link, frame }: { readonly link: Served; readonly frame: number }): boolean {
  return link.lacks(frame)
}

const RESOLVED = Promise.resolve()

/** The reactor of this thread. */
export const reactor = new Reactor()

catchUpLinks(() => reactor.caughtUp())
