import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'
import type { TaskPool } from '../peer.js'

/** On threads; it gives each one task at a time. */
export async function workerpoolPool(threads: number): Promise<TaskPool> {
  const pool = workerpool.pool(fileURLToPath(new URL('../../threads/workerpool-task.js', import.meta.url)), {
    workerType: 'thread',
    minWorkers: threads,
    maxWorkers: threads,
  })
  return {
    run: async task => (await pool.exec('doTask', [task])) as number,
    [Symbol.asyncDispose]: async () => {
      await pool.terminate()
    },
  }
}
