import { defineActor } from '@zera/actors'

/** Counts primes, in whatever process. */
export class Primes {
  count(below: number): number {
    let count = 0
    for (let n = 2; n < below; n++) if (isPrime(n)) count += 1
    return count
  }

  process(): number {
    return process.pid
  }
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false
  return true
}

export default defineActor(import.meta.url, Primes)
