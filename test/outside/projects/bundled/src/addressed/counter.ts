import { defineActor } from '@zera/actors'

class Counter {
  #count = 0

  add(by: number): number {
    return (this.#count += by)
  }
}

export default defineActor(new URL('./counter.js', import.meta.url).href, Counter, { name: 'Counter' })
