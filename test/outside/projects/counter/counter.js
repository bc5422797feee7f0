import { defineActor } from '@zera/actors'

export class Counter {
  #count = 0

  add(by) {
    return (this.#count += by)
  }
}

export default defineActor(import.meta.url, Counter)
