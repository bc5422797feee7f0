import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Milliseconds from `new Worker` to its first message, when it has loaded zeromq. It is ended again. */
export async function timeColdWorker(): Promise<number> {
  const startedAt = performance.now()
  const worker = new Worker(new URL('../threads/zeromq-worker.js', import.meta.url))
  await once(worker, 'message')
  const tookMs = performance.now() - startedAt
  await worker.terminate()
  return tookMs
}
