import { defineActor } from '@zera/actors'

export class Counter {
  #count = 0

  add(by: number): number {
    return (this.#count += by)
  }

  async *upTo(limit: number): AsyncGenerator<number> {
    while (this.#count < limit) yield ++this.#count
  }
}

export default defineActor(import.meta.url, Counter)
