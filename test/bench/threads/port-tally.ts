import { parentPort } from 'node:worker_threads'
import type { SmallMessage } from '../peers/peer.js'

/**
 * A bare worker that counts what it is posted, objects or JSON texts of many, until it is asked for its tally by a
 * null.
 */
let count = 0
let sum = 0

function add({ id }: SmallMessage): void {
  count += 1
  sum += id
}

parentPort?.on('message', (value: SmallMessage | string | null) => {
  if (value === null) {
    parentPort?.postMessage({ count, sum })
    count = sum = 0
  } else if (typeof value === 'string') {
    for (const message of JSON.parse(value) as SmallMessage[]) add(message)
  } else {
    add(value)
  }
})
