import { parentPort } from 'node:worker_threads'
import { buffersOf, formOf, type Form } from '../benches/payloads/kinds/binaries.js'
import { kindOf, markAt, payloadOf, type Kind } from '../benches/payloads/kinds/kinds.js'
import { STREAM_WINDOW } from '../peers/message-port-stream.js'
import type { PayloadCall } from '../peers/payloads/port-payloads.js'

/** A bare worker that takes payloads, sends them back, or posts some, as it is called to. */
let isCall = false
let kind: Kind
let form: Form = 'plain'
let isEchoed = false
let count = 0
let sum = 0
let next = 0
let limit = 0
let credit = 0

function take(payload: unknown): void {
  if (isEchoed) {
    parentPort?.postMessage(payload, form === 'transferred' ? buffersOf(payload) : [])
  } else {
    sum += markAt(kind, payload, count++)
  }
}

function answer(call: PayloadCall): void {
  if ('begin' in call) {
    kind = kindOf(call.begin)
    ;({ form, isEchoed } = call)
  } else if ('tally' in call) {
    parentPort?.postMessage({ count, sum })
    count = sum = 0
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
    take(value)
  }
})
