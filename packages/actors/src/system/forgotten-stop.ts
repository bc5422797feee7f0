import { realTimers } from '@zera/core/internal'
import type { HostActivity } from '../host/host-observer.js'

/** Milliseconds until the first look. Each look that finds work doubles the time until the next. */
const FIRST_LOOK_MS = 1000
const LONGEST_PAUSE_MS = 600_000
/** Milliseconds that Node has to say that nothing else keeps the process alive. */
const LOOK_MS = 50

/** What is looked at. */
export interface WatchedSystem {
  /** Whether the threads keep the process alive, all of them run, and no stop has begun. */
  isAtRest(): boolean
  ref(): void
  unref(): void
  /** What each host is doing; undefined when one does not answer soon. */
  activity(): Promise<readonly HostActivity[] | undefined>
  /** Only its threads keep the process alive, and nothing happens there. */
  forgotten(): void
}

/**
 * Finds out whether a program has ended and left its system running, and says so once: its threads keep the process
 * alive for ever.
 *
 * Node alone knows what keeps a process alive: it emits `beforeExit` when nothing does. So a look lets go of the
 * threads for a moment. When Node says then that the process would end, nothing but this system keeps it alive: no
 * server, no timer, no reader of the standard input, and no other thread. Two looks must find that, and find that
 * meanwhile no actor has received a message, and none does or awaits anything. A program that listens to `beforeExit`
 * itself must not hear of these looks, so there are none then.
 */
export class ForgottenStop {
  readonly #system: WatchedSystem
  #pauseMs = FIRST_LOOK_MS
  #timer: NodeJS.Timeout | undefined
  #received: number | undefined
  #isOver = false

  constructor(system: WatchedSystem) {
    this.#system = system
    this.#later()
  }

  /** Looks no more. */
  end(): void {
    this.#isOver = true
    realTimers.clearTimeout(this.#timer)
  }

  #later(): void {
    if (this.#isOver) return
    this.#timer = realTimers.setTimeout(() => this.#look(), this.#pauseMs)
    this.#timer.unref()
  }

  #look(): void {
    if (!this.#system.isAtRest() || process.listenerCount('beforeExit') > 0) return this.#isBusy()
    const held = (): void => {
      process.off('beforeExit', free)
      this.#system.ref()
      this.#isBusy()
    }
    const free = (): void => {
      realTimers.clearTimeout(timer)
      this.#system.ref()
      void this.#ask()
    }
    const timer = realTimers.setTimeout(held, LOOK_MS)
    timer.unref()
    process.once('beforeExit', free)
    this.#system.unref()
  }

  async #ask(): Promise<void> {
    const hosts = await this.#system.activity()
    if (hosts === undefined || !this.#system.isAtRest() || hosts.some(({ underWay }) => underWay > 0))
      return this.#isBusy()
    const received = hosts.reduce((sum, host) => sum + host.received, 0)
    if (received === this.#received) {
      this.end()
      this.#system.forgotten()
    } else {
      this.#received = received
      this.#later()
    }
  }

  #isBusy(): void {
    this.#received = undefined
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
    this.#later()
  }
}
