import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { workerData } from 'node:worker_threads'

/** What the thread is given. */
export interface RawSeed {
  readonly endpoint: string
  readonly messages: number
}

interface RawPair {
  connect(endpoint: string): void
  send(text: string): Promise<void>
  receive(): Promise<Buffer[]>
  close(): void
}

/**
 * A thread without Zera: it receives so many binaries by reference, and answers once. It ends with nothing pending
 * (hazard H1).
 */
const { endpoint, messages } = workerData as RawSeed
const { Pair } = createRequire(fileURLToPath(import.meta.resolve('@zera/core')))('zeromq') as {
  Pair: new () => RawPair
}
const pair = new Pair()
pair.connect(endpoint)

async function receiveAll(): Promise<void> {
  await pair.send('ready')
  for (let left = messages; left > 0; left--) await pair.receive()
  await pair.send('all')
  pair.close()
}

void receiveAll()
