import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { freshEndpoint, startThread } from '@zera/core'
import { median } from './results/statistics.js'
import type { RawSeed } from './threads/raw-receiver.js'

/**
 * What Zera's copies cost: large binaries to another thread over a pipe, against ZeroMQ's own zero-copy over inproc, in
 * turn.
 */
const ROUNDS = 7
const MESSAGES = 400

interface RawPair {
  bindSync(endpoint: string): void
  send(bytes: Buffer): Promise<void>
  receive(): Promise<Buffer[]>
  close(): void
}

// Zera does not give its native sockets away, so the other way has one of its own.
const { Pair } = createRequire(fileURLToPath(import.meta.resolve('@zera/core')))('zeromq') as {
  Pair: new () => RawPair
}

/** Microseconds a message over a pipe: copied into shared memory here, and out of it there. */
async function overPipe(sizeBytes: number): Promise<number> {
  await using thread = await startThread(new URL('./threads/pipe-receiver.js', import.meta.url), { data: MESSAGES })
  const bytes = Buffer.alloc(sizeBytes, 1)
  const begun = performance.now()
  for (let sent = 0; sent < MESSAGES; sent++) if (!thread.pipe.send(bytes)) await thread.pipe.ready()
  await thread.pipe.receive()
  return ((performance.now() - begun) / MESSAGES) * 1000
}

/**
 * Microseconds a message when the receiver reads the sender's own memory, which is safe only as long as the sender
 * lives (hazard H2).
 */
async function byReference(sizeBytes: number): Promise<number> {
  const pair = new Pair()
  const endpoint = freshEndpoint('zero-copy')
  pair.bindSync(endpoint)
  const seed: RawSeed = { endpoint, messages: MESSAGES }
  const worker = new Worker(new URL('./threads/raw-receiver.js', import.meta.url), { workerData: seed })
  const ended = new Promise(resolve => worker.once('exit', resolve))
  await pair.receive()
  const bytes = Buffer.alloc(sizeBytes, 1)
  const begun = performance.now()
  for (let sent = 0; sent < MESSAGES; sent++) await pair.send(bytes)
  await pair.receive()
  const microseconds = ((performance.now() - begun) / MESSAGES) * 1000
  pair.close()
  await ended
  return microseconds
}

for (const kibibytes of [16, 64, 1024]) {
  const [piped, referred]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    piped.push(await overPipe(kibibytes * 1024))
    referred.push(await byReference(kibibytes * 1024))
  }
  const [safe, unsafe] = [median(piped), median(referred)]
  console.log(
    `${kibibytes} KiB: ${safe.toFixed(0)} µs a message over a pipe, ${unsafe.toFixed(0)} µs by reference, ratio ${(safe / unsafe).toFixed(1)}`,
  )
}
