import { defineActor } from '@zera/actors'

export class Counter {
  #count = 0

  add(by: number) {
    if (!Number.isInteger(by)) throw new TypeError('Cannot add: by must be a whole number')
    return (this.#count += by)
  }

  reset() {
    this.#count = 0
  }
}

export default defineActor(import.meta.url, Counter)
