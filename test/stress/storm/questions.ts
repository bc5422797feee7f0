import { ActorDownError, type ActorRef } from '@zera/actors'
import type { Answerer } from './answerer.js'

/** Questions that are open at a time. */
const OPEN = 16
/** An ask has to be settled long before, whatever happens to its target. */
const TIMEOUT_MS = 30_000

/** What became of the asks to one actor. */
export interface QuestionCounts {
  readonly asked: number
  readonly answered: number
  /** Rejected because the target's thread went down. */
  readonly down: number
  /** Those of them that were handled, so that the answer was lost, and those that were begun, so that it may have been. */
  readonly answersLost: number
  readonly begun: number
  /** What ended in any other way, in words. */
  readonly wrong: readonly string[]
}

/** Asks one actor again and again, a few questions at a time. */
export class Questions {
  readonly #counts = { asked: 0, answered: 0, down: 0, answersLost: 0, begun: 0, wrong: [] as string[] }
  readonly #answerer: ActorRef<Answerer>
  #isOver = false
  readonly #done: Promise<unknown>

  constructor(answerer: ActorRef<Answerer>) {
    this.#answerer = answerer
    this.#done = Promise.all(Array.from({ length: OPEN }, () => this.#ask()))
  }

  get counts(): QuestionCounts {
    return this.#counts
  }

  /** Asks no more, and resolves when every question is settled. */
  async finish(): Promise<void> {
    this.#isOver = true
    await this.#done
  }

  async #ask(): Promise<void> {
    const counts = this.#counts
    while (!this.#isOver) {
      const question = counts.asked++
      try {
        const answer = await this.#answerer.ask({ timeoutMs: TIMEOUT_MS }).answer(question)
        if (answer === question + 1) counts.answered += 1
        else counts.wrong.push(`${question} was answered with ${answer}`)
      } catch (error) {
        if (error instanceof ActorDownError) this.#countDown(error)
        else counts.wrong.push(String(error))
      }
      await new Promise<void>(resolve => setImmediate(resolve))
    }
  }

  #countDown({ progress }: ActorDownError): void {
    this.#counts.down += 1
    if (progress === 'handled') this.#counts.answersLost += 1
    else if (progress === 'begun') this.#counts.begun += 1
  }
}
