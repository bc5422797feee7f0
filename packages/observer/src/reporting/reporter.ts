import type { ObservedSystem } from '@zera/actors/internal'
import { realTimers, type Cancellable, type SignalSender } from '@zera/core/internal'
import type { Structure, ToObserver } from '../model/messages.js'
import type { Happening } from '../model/state.js'
import { happeningOf } from './happenings.js'

/** Milliseconds that changes of the structure are gathered, at least. */
const GATHER_MS = 100
/** A report of thousands of actors takes milliseconds of main, and the next one waits for so many times as long. */
const REST = 20
const MOST_HISTORY = 1000

/** Tells the observer's thread what changes, and keeps what has happened for the next one. */
export class Reporter {
  readonly #system: ObservedSystem
  readonly #listening: Cancellable
  readonly #history: Happening[] = []
  #link: SignalSender<ToObserver> | undefined
  #fresh: Happening[] = []
  #timer: NodeJS.Timeout | undefined
  #gatherMs = GATHER_MS

  constructor(system: ObservedSystem) {
    this.#system = system
    this.#listening = system.events.onAny(event => {
      const happening = happeningOf(event, realTimers.epochMs())
      if (happening !== undefined) this.#note(happening)
      this.#timer ??= realTimers.setTimeout(() => this.#send(), this.#gatherMs).unref()
    })
  }

  /** The last things that have happened, oldest first. */
  get history(): readonly Happening[] {
    return [...this.#history]
  }

  /** Tells this thread from now on, whose history is that of now. */
  tell(link: SignalSender<ToObserver>): void {
    this.#link = link
    this.#fresh = []
    this.#send()
  }

  end(): void {
    this.#listening.cancel()
    realTimers.clearTimeout(this.#timer)
    this.#link = undefined
  }

  #note(happening: Happening): void {
    this.#history.push(happening)
    if (this.#history.length > MOST_HISTORY) this.#history.shift()
    this.#fresh.push(happening)
    if (this.#fresh.length > MOST_HISTORY) this.#fresh.shift()
  }

  #send(): void {
    this.#timer = undefined
    const begunAt = realTimers.monotonicMs()
    const system = this.#system
    const structure: Structure = {
      hosts: system.hosts(),
      tree: system.tree(),
      counters: system.counters(),
      pools: system.pools(),
    }
    this.#link?.signal({ signal: 'structure' }, { content: structure })
    if (this.#fresh.length > 0) this.#link?.signal({ signal: 'happened', data: this.#fresh })
    this.#fresh = []
    this.#gatherMs = Math.max(GATHER_MS, REST * (realTimers.monotonicMs() - begunAt))
  }
}
