import { parentPort } from 'node:worker_threads'
import { buffersOf, formOf, type Form } from '../benches/payloads/kinds/binaries.js'
import { kindOf, markAt, payloadOf, type Kind } from '../benches/payloads/kinds/kinds.js'
import { STREAM_WINDOW } from '../peers/message-port-stream.js'
import type { PayloadCall } from '../peers/payloads/port-payloads.js'
import { collectGarbage } from '../runs/heap.js'

/** A bare worker that takes payloads, sends them back, or posts some, as it is called to. */
let isCall = false
let kind: Kind
let form: Form = 'plain'
let isTaken = false
let count = 0
let sum = 0
let next = 0
let limit = 0
let credit = 0

function handle(payload: unknown): void {
  if (isTaken) sum += markAt(kind, payload, count++)
  else parentPort?.postMessage(payload, form === 'transferred' ? buffersOf(payload) : [])
}

function answer(call: PayloadCall): void {
  if ('begin' in call) {
    kind = kindOf(call.begin)
    form = call.form
  } else if ('collect' in call) {
    collectGarbage()
    parentPort?.postMessage(null)
  } else if ('take' in call) {
    isTaken = true
  } else if ('tally' in call) {
    parentPort?.postMessage({ count, sum })
    count = sum = 0
    isTaken = false
  } else if ('read' in call) {
    next = 0
    limit = call.read
    credit = STREAM_WINDOW
    post()
  } else {
    credit += call.acknowledge
    post()
  }
}

/** Never more than a window ahead of what the reader has acknowledged. */
function post(): void {
  for (; credit > 0 && next < limit; credit--) {
    const { value, transfer } = formOf(payloadOf(kind, next++), form)
    parentPort?.postMessage(value, transfer)
  }
}

parentPort?.on('message', (value: unknown) => {
  if (isCall) {
    isCall = false
    answer(value as PayloadCall)
  } else if (value === null) {
    isCall = true
  } else {
    handle(value)
  }
})
