import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { TaskPool } from '../peer.js'

/** As it comes, but for the number of threads, which is that of all pools. */
export function piscinaPool(threads: number): Promise<TaskPool> {
  return startPiscina({ minThreads: threads, maxThreads: threads })
}

/** With as many tasks under way in each thread as there are, so that none waits for the answer before it. */
export function tunedPiscinaPool(threads: number, inFlight: number): Promise<TaskPool> {
  return startPiscina({
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: Math.ceil(inFlight / threads),
    idleTimeout: Infinity,
  })
}

async function startPiscina(options: NonNullable<ConstructorParameters<typeof Piscina>[0]>): Promise<TaskPool> {
  const pool = new Piscina({
    ...options,
    filename: fileURLToPath(new URL('../../threads/task-default.js', import.meta.url)),
  })
  return {
    run: task => pool.run(task) as Promise<number>,
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
