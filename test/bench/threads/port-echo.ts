import { parentPort, workerData } from 'node:worker_threads'

/** What the worker is given. Without it, it posts copies. */
interface Seed {
  readonly isTransferred: boolean
}

// A bare worker that sends back what it is posted.
const isTransferred = (workerData as Seed | null)?.isTransferred === true

parentPort?.on('message', (value: unknown) =>
  parentPort?.postMessage(value, isTransferred ? [(value as Uint8Array).buffer as ArrayBuffer] : []),
)
