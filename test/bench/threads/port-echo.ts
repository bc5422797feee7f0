import { parentPort } from 'node:worker_threads'

// A bare worker that sends back what it is posted.
parentPort?.on('message', (value: unknown) => parentPort?.postMessage(value))
