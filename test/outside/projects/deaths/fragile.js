import { defineActor } from '@zera/actors'

export class Fragile {
  #count = 0

  count() {
    return ++this.#count
  }

  exit() {
    process.exit(7)
  }

  spin() {
    for (;;);
  }
}

export default defineActor(import.meta.url, Fragile)
