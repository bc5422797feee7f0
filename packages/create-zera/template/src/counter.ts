import { defineActor } from '@zera/actors'

/** An actor: a plain class. Its methods are its messages, and it handles one at a time. */
export class Counter {
  #count = 0

  add(by: number): number {
    return (this.#count += by)
  }
}

export default defineActor(import.meta.url, Counter)
