import { defineActor } from '@zera/actors'
import { UNLUCKY, type Outcome, type Task } from './job.js'

/** Computes, on a thread of its own: it blocks that thread for as long as it takes, and nothing else. */
export class JobWorker {
  run({ number }: Task): Outcome {
    if (number === UNLUCKY && Math.random() < 0.5) return { error: 'it was unlucky' }
    let [rest, largest] = [number, 1]
    for (let factor = 2; rest > 1; factor++) {
      while (rest % factor === 0) {
        rest /= factor
        largest = factor
      }
    }
    return { result: largest }
  }
}

export default defineActor(import.meta.url, JobWorker)
