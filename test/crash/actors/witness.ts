import { defineActor } from '@zera/actors'

/** An actor that has nothing to do with the death, and goes on answering. */
export class Witness {
  #answers = 0

  answer(): number {
    return ++this.#answers
  }
}

export default defineActor(import.meta.url, Witness)
