import { defineActor } from '@zera/actors'
import type { SmallMessage } from '../peers/peer.js'
import type { Tally } from '../runs/delivery-error.js'

/** Counts its messages. */
export class Tallier {
  #count = 0
  #sum = 0

  take({ id }: SmallMessage): void {
    this.#count += 1
    this.#sum += id
  }

  /** What has come since the last time. */
  tally(): Tally {
    const tally = { count: this.#count, sum: this.#sum }
    this.#count = this.#sum = 0
    return tally
  }
}

export default defineActor(import.meta.url, Tallier)
