import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'

// A bare worker that has loaded what every thread of ours loads, and says so.
createRequire(fileURLToPath(import.meta.resolve('@zera/core')))('zeromq')
parentPort?.postMessage('ready')
