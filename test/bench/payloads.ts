import { SharedBlock, startThread } from '@zera/core'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { median } from './median.js'

/** One size of payload, there and back. */
export interface PayloadResult {
  /** Bytes that are copied in and out at each hop, or a block that is filled by one copy and handed over. */
  readonly way: 'bytes' | 'block'
  readonly sizeBytes: number
  /** Medians of a round trip, in microseconds. */
  readonly zeraMicros: number
  readonly cloneMicros: number
  /** How many times as fast as `postMessage`, which clones. The median of the ratios of single rounds, each measured side by side. */
  readonly ratio: number
}

/** How a bench runs. */
export interface PayloadOptions {
  readonly rounds: number
  /** Bytes that each side sends in a round. */
  readonly roundBytes: number
}

const WARM_UP = 3

/** A way to send bytes to a thread and get them back. */
type Trip = (bytes: Uint8Array) => Promise<Uint8Array>

/** Sends binaries of a size to a thread and back, through a pipe of Zera and through a bare worker's `postMessage` in turn, and compares. Every byte that comes back is looked at once. */
export async function* benchPayloads(sizes: readonly number[], options: PayloadOptions): AsyncGenerator<PayloadResult, void, void> {
  await using thread = await startThread(new URL('./echo-thread.js', import.meta.url))
  const worker = new Worker(new URL('./echo-port.js', import.meta.url))
  const zera: Trip = async bytes => {
    thread.pipe.send(bytes)
    return (await thread.pipe.receive())?.value as Uint8Array
  }
  const handedOver: Trip = async bytes => {
    thread.pipe.send(SharedBlock.from(bytes))
    using back = (await thread.pipe.receive())?.value as SharedBlock
    return back.bytes
  }
  const clone: Trip = async bytes => {
    worker.postMessage(bytes)
    return ((await once(worker, 'message')) as [Uint8Array])[0]
  }
  try {
    for (const sizeBytes of sizes) {
      yield { way: 'bytes', sizeBytes, ...(await compare(sizeBytes, zera, clone, options)) }
      yield { way: 'block', sizeBytes, ...(await compare(sizeBytes, handedOver, clone, options)) }
    }
  } finally {
    await worker.terminate()
  }
}

async function compare(sizeBytes: number, zera: Trip, clone: Trip, { rounds, roundBytes }: PayloadOptions): Promise<Omit<PayloadResult, 'way' | 'sizeBytes'>> {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, at) => at * 31 + 7)
  const trips = Math.max(1, Math.round(roundBytes / sizeBytes))
  for (const trip of [zera, clone]) {
    if (Buffer.compare(await trip(bytes), bytes) !== 0) throw new Error(`A payload of ${sizeBytes} bytes did not come back as it was sent`)
    for (let warm = 0; warm < WARM_UP; warm++) await microsOf(trip, bytes, trips)
  }
  const pairs: (readonly [zera: number, clone: number])[] = []
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that neither always follows the other's garbage.
    const first = await microsOf(round % 2 === 0 ? zera : clone, bytes, trips)
    const second = await microsOf(round % 2 === 0 ? clone : zera, bytes, trips)
    pairs.push(round % 2 === 0 ? [first, second] : [second, first])
  }
  return {
    zeraMicros: median(pairs.map(([ours]) => ours)),
    cloneMicros: median(pairs.map(([, theirs]) => theirs)),
    ratio: median(pairs.map(([ours, theirs]) => theirs / ours)),
  }
}

async function microsOf(trip: Trip, bytes: Uint8Array, trips: number): Promise<number> {
  const startedAt = performance.now()
  for (let number = 0; number < trips; number++) {
    const back = await trip(bytes)
    if (back.byteLength !== bytes.byteLength) throw new Error(`${back.byteLength} of ${bytes.byteLength} bytes came back`)
  }
  return ((performance.now() - startedAt) * 1000) / trips
}
