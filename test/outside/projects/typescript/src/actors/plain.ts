import { defineActor } from '@zera/actors'
import { twice } from '../plain.ts'

export class Plain {
  #sum: number = 0

  add(grams: number): number {
    return (this.#sum += twice({ grams }))
  }
}

export default defineActor(import.meta.url, Plain)
