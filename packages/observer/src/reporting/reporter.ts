import type { ObservedSystem } from '@zera/actors/internal'
import { messageOf, realTimers, type Cancellable, type SignalSender } from '@zera/core/internal'
import type { ActOrder, FromObserver, Structure, ToObserver } from '../model/messages.js'
import type { Happening } from '../model/state.js'
import { detailOf } from './detail.js'
import { happeningOf } from './happenings.js'
import { letterOf } from './letters.js'

/** Milliseconds that changes of the structure are gathered, at least. */
const GATHER_MS = 100
/** A report of thousands of actors takes milliseconds of main, and the next one waits for so many times as long. */
const REST = 20
/** Milliseconds that hosts may take to say what their actors wait for: one that spins says nothing. */
const ANSWER_MS = 25
/** Milliseconds that hosts may take to say what they remember of traces. */
const TRACES_MS = 200
const MOST_HISTORY = 1000

/** Tells the observer's thread what changes, answers what it asks, and keeps what has happened for the next one. */
export class Reporter {
  readonly #system: ObservedSystem
  readonly #showsPayloads: boolean
  readonly #listening: Cancellable
  readonly #history: Happening[] = []
  #link: SignalSender<ToObserver> | undefined
  #fresh: Happening[] = []
  #timer: NodeJS.Timeout | undefined
  #gatherMs = GATHER_MS
  /** Until when hosts are left in peace. */
  #restUntil = 0
  #isAsking = false

  constructor(system: ObservedSystem, showsPayloads: boolean) {
    this.#system = system
    this.#showsPayloads = showsPayloads
    this.#listening = system.events.onAny(event => {
      const happening = happeningOf(event, realTimers.epochMs())
      if (happening !== undefined) this.#note(happening)
      this.#sendLater()
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

  /** That thread has said something. */
  heard(said: FromObserver): void {
    // A system that has stopped says nothing more.
    if (said.signal === 'look') void this.#look().catch(() => undefined)
    else if (said.signal === 'act') void this.#act(said.data)
    else if (said.signal === 'trace') void this.#trace(said.data.number).catch(() => undefined)
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

  #sendLater(): void {
    this.#timer ??= realTimers.setTimeout(() => this.#send(), this.#gatherMs).unref()
  }

  #send(): void {
    realTimers.clearTimeout(this.#timer)
    this.#timer = undefined
    const begunAt = realTimers.monotonicMs()
    const system = this.#system
    const structure: Structure = {
      hosts: system.hosts(),
      tree: system.tree(),
      counters: system.counters(),
      pools: system.pools(),
      links: system.links(),
      endedLinks: system.endedLinks(),
      letters: system.letters().map(letter => letterOf(letter, this.#showsPayloads)),
    }
    this.#link?.signal({ signal: 'structure' }, { content: structure })
    if (this.#fresh.length > 0) this.#link?.signal({ signal: 'happened', data: this.#fresh })
    this.#fresh = []
    this.#gatherMs = Math.max(GATHER_MS, REST * (realTimers.monotonicMs() - begunAt))
  }

  /** Somebody looks: links come without an event, and what actors wait for is known to their hosts alone. */
  async #look(): Promise<void> {
    if (this.#isAsking || realTimers.monotonicMs() < this.#restUntil) return
    this.#isAsking = true
    const begunAt = realTimers.monotonicMs()
    const askedAtMs = realTimers.epochMs()
    try {
      this.#send()
      const workMs = realTimers.monotonicMs() - begunAt
      const [{ tree }, elsewhere] = await Promise.all([
        this.#system.snapshot(ANSWER_MS),
        this.#system.timesElsewhere(ANSWER_MS),
      ])
      const answeredAt = realTimers.monotonicMs()
      this.#link?.signal({ signal: 'detail', data: detailOf(tree, elsewhere, askedAtMs) })
      this.#restUntil = realTimers.monotonicMs() + REST * (workMs + realTimers.monotonicMs() - answeredAt)
    } finally {
      this.#isAsking = false
    }
  }

  async #trace(number: number): Promise<void> {
    const messages = await this.#system.traces(TRACES_MS)
    this.#link?.signal({ signal: 'traced', data: { number, messages } })
  }

  async #act({ number, act, by }: ActOrder): Promise<void> {
    const done = (isDone: boolean, text: string): void => {
      const happening = { type: 'control', atMs: realTimers.epochMs(), text: `${by} ${text}`, ...NOBODY }
      this.#note(isDone ? happening : { ...happening, text: `${by} could not ${act.act}: ${text}` })
      this.#send()
      this.#link?.signal({ signal: 'acted', data: { number, isDone, text } })
    }
    try {
      done(true, await this.#system.control(act, by))
    } catch (error) {
      done(false, messageOf(error))
    }
  }
}

const NOBODY = { host: undefined, actor: undefined, error: undefined, blackBox: undefined }
