import { defineActor, type ActorRef } from '@zera/actors'
import type { Tally } from '../runs/delivery-error.js'

/** How many questions are under way at once. */
const UNDER_WAY = 64

/** Asks another one for a time, and answers when it is asked. */
export class Rally {
  echo(number: number): number {
    return number
  }

  /** How often the other one has answered within so many milliseconds, and the sum of how much its answers were off. */
  async rally(other: ActorRef<Rally>, forMs: number): Promise<Tally> {
    const until = performance.now() + forMs
    const tally = { count: 0, sum: 0 }
    const ask = async (): Promise<void> => {
      for (let number = 0; performance.now() < until; number++) {
        const answer = await other.ask({ timeoutMs: Infinity }).echo(number)
        tally.count += 1
        tally.sum += Math.abs(answer - number)
      }
    }
    await Promise.all(Array.from({ length: UNDER_WAY }, ask))
    return tally
  }
}

export default defineActor(import.meta.url, Rally)
