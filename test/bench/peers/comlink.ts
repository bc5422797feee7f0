import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { wrap, type Remote } from 'comlink'
import { nodeEndpoint } from './comlink-endpoint.js'
import type { Asking, Task, TaskPool } from './peer.js'

interface Exposed {
  doTask(task: Task): number
  echo(number: number): number
}

/** Calls of functions in one worker. */
export async function comlinkAsking(): Promise<Asking> {
  const { remote, end } = await startExposed()
  return { echo: number => remote.echo(number), [Symbol.asyncDispose]: end }
}

/** It has no pool: the calls go round. */
export async function comlinkPool(threads: number): Promise<TaskPool> {
  const exposed = await Promise.all(Array.from({ length: threads }, startExposed))
  let calls = 0
  return {
    run: task => (exposed[calls++ % threads] as (typeof exposed)[number]).remote.doTask(task),
    [Symbol.asyncDispose]: async () => void (await Promise.all(exposed.map(({ end }) => end()))),
  }
}

async function startExposed(): Promise<{ remote: Remote<Exposed>; end: () => Promise<void> }> {
  const worker = new Worker(new URL('../threads/comlink-task.js', import.meta.url))
  await once(worker, 'online')
  return { remote: wrap<Exposed>(nodeEndpoint(worker)), end: async () => void (await worker.terminate()) }
}
