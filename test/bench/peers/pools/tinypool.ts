import { fileURLToPath } from 'node:url'
import { Tinypool } from 'tinypool'
import type { TaskPool } from '../peer.js'

/** With as many tasks under way in each thread as there are. */
export async function tinypoolPool(threads: number, inFlight: number): Promise<TaskPool> {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL('../../threads/task-default.js', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: Math.ceil(inFlight / threads),
    idleTimeout: Infinity,
  })
  return {
    run: task => pool.run(task) as Promise<number>,
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
