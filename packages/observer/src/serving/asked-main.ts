import type { ControlAct, TracedMessage } from '@zera/actors/internal'
import { realTimers, Waiters } from '@zera/core/internal'
import type { Acted, FromObserver, Traced } from '../model/messages.js'
import { RequestError } from './server.js'

/** Milliseconds that a look may wait for main: it may be blocked, and then what it said last is shown. */
const LOOK_MS = 50
/** Milliseconds that an act may wait for it, and a question that only hosts can answer. */
const ACT_MS = 10_000
const TRACES_MS = 1000

type Answer = Acted | Traced

/** Main, as the observer's thread asks it. It may be blocked, so nothing waits for it for long. */
export class AskedMain {
  readonly #say: (said: FromObserver) => void
  readonly #looks = new Waiters()
  readonly #asked = new Map<number, (answer: Answer) => void>()
  #last = 0

  constructor(say: (said: FromObserver) => void) {
    this.#say = say
  }

  /** Asks it how the system is. What it says comes later. */
  look(): void {
    this.#say({ signal: 'look' })
  }

  /** Asks it how the system is. Resolves when it has said so, or when that would take too long. */
  async looked(): Promise<void> {
    const answered = this.#looks.wait()
    this.look()
    let timer: NodeJS.Timeout | undefined
    await Promise.race([answered, new Promise<void>(resolve => (timer = realTimers.setTimeout(resolve, LOOK_MS)))])
    realTimers.clearTimeout(timer)
  }

  /**
   * Has it do something. Resolves with what came of it.
   *
   * @throws {RequestError} When it does not answer. It may do it later.
   */
  act(act: ControlAct, by: string): Promise<Acted> {
    return this.#ask(number => ({ signal: 'act', data: { number, act, by } }), ACT_MS, 'it may still do it later')
  }

  /**
   * Asks it for the last messages with a traceparent.
   *
   * @throws {RequestError} When it does not answer.
   */
  async traces(): Promise<readonly TracedMessage[]> {
    const asked = this.#ask<Traced>(number => ({ signal: 'trace', data: { number } }), TRACES_MS, 'ask again')
    return (await asked).messages
  }

  /** It has said how the system is. */
  hasLooked(): void {
    this.#looks.wake()
  }

  /** It has answered. */
  answered(answer: Answer): void {
    this.#asked.get(answer.number)?.(answer)
    this.#asked.delete(answer.number)
  }

  #ask<T extends Answer>(question: (number: number) => FromObserver, withinMs: number, remedy: string): Promise<T> {
    const number = ++this.#last
    return new Promise((resolve, reject) => {
      const timer = realTimers.setTimeout(() => {
        this.#asked.delete(number)
        reject(
          new RequestError(`main has not answered in ${withinMs / 1000} s: it is blocked, or waits; ${remedy}`, 504),
        )
      }, withinMs)
      this.#asked.set(number, answer => {
        realTimers.clearTimeout(timer)
        resolve(answer as T)
      })
      this.#say(question(number))
    })
  }
}
