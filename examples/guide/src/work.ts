/** Works for a time that grows with the number in the task: finds the primes below 500 times of it. */
export function work(task: number): number {
  let primes = 0
  for (let candidate = 2; candidate < task * 500; candidate++) if (isPrime(candidate)) primes += 1
  return primes
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}
