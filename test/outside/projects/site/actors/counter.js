import { defineActor } from '@zera/actors'

class Counter {
  #count = 0

  add(by) {
    return (this.#count += by)
  }
}

export default defineActor(import.meta.url, Counter, { name: 'Counter' })
