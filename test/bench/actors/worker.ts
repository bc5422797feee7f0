import { defineActor } from '@zera/actors'
import type { Task } from '../peers/peer.js'
import { doTask } from '../threads/task.js'

/** Does tasks, and answers at once. */
export class Worker {
  run(task: Task): number {
    return doTask(task)
  }

  echo(number: number): number {
    return number
  }
}

export default defineActor(import.meta.url, Worker)
