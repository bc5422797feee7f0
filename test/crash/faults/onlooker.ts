import { defineActor } from '@zera/actors'
import { turn } from '../threads/turn.js'

/** An actor next to the culprit that must not notice. */
export class Onlooker {
  #instanceAnswers = 0

  /** How often this instance has answered: it begins anew when the actor was restarted. */
  answer(): number {
    return ++this.#instanceAnswers
  }

  /** An answer that is under way for some turns. */
  async answerSlowly(): Promise<number> {
    for (let turns = 0; turns < 20; turns++) await turn()
    return this.answer()
  }
}

export default defineActor(import.meta.url, Onlooker)
