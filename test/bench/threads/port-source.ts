import { parentPort } from 'node:worker_threads'
import { STREAM_WINDOW, type StreamCall } from '../peers/message-port-stream.js'

// A bare worker that posts numbers, never more than a window ahead of what its reader has acknowledged.
let next = 0
let limit = 0
let credit = 0

function post(): void {
  for (; credit > 0 && next < limit; credit--) parentPort?.postMessage(next++)
}

parentPort?.on('message', (call: StreamCall) => {
  if ('read' in call) {
    next = 0
    limit = call.read
    credit = STREAM_WINDOW
  } else {
    credit += call.acknowledge
  }
  post()
})
