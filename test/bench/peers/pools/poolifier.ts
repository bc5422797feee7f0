import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { FixedThreadPool } from 'poolifier'
import type { Task, TaskPool } from '../peer.js'

/** Its `destroy` waits for ever for a thread that has answered before it asked; of fifty calls one or two. */
const DESTROY_MS = 1000

/** Without a queue of its own, each task goes to its thread at once: the fastest of its ways. */
export async function poolifierPool(threads: number): Promise<TaskPool> {
  const pool = new FixedThreadPool<Task, number>(
    threads,
    fileURLToPath(new URL('../../threads/poolifier-task.js', import.meta.url)),
  )
  return {
    run: task => pool.execute(task),
    [Symbol.asyncDispose]: () => Promise.race([pool.destroy(), sleep(DESTROY_MS)]),
  }
}
