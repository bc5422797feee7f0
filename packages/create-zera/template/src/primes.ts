import { defineActor } from '@zera/actors'

/** Work for a processor. A pool spreads it over threads, so that the main thread stays free for requests. */
export class Primes {
  countBelow(limit: number): number {
    const isComposite = new Uint8Array(limit)
    let primes = 0
    for (let n = 2; n < limit; n++) {
      if (isComposite[n] === 1) continue
      primes += 1
      for (let multiple = n * n; multiple < limit; multiple += n) isComposite[multiple] = 1
    }
    return primes
  }
}

export default defineActor(import.meta.url, Primes)
