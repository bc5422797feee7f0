import { parentPort } from 'node:worker_threads'
import type { NumberedTask, NumberedResult } from '../peers/message-port.js'
import { doTask } from './task.js'

/** A bare worker that does the tasks it is posted. */
parentPort?.on('message', ({ call, task }: NumberedTask) =>
  parentPort?.postMessage({ call, result: doTask(task) } satisfies NumberedResult),
)
