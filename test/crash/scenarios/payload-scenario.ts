import { writeSync } from 'node:fs'
// What runs in the process of a payload cell. Its one argument is the cell as JSON; its last line of output is the report.
import { startSystem } from '@zera/actors'
import { openResources } from '@zera/core'
import HolderActor from '../actors/holder.js'
import ProducerActor from '../actors/producer.js'
import type { PayloadCell } from '../rows/payload-cell.js'
import { turn } from '../threads/turn.js'

/** Memory that is written over after the end, so that what was freed by mistake has other content then. */
const CHURN_BYTES = 64 * 1024 * 1024
const CHURN_PIECE_BYTES = 64 * 1024

/** What the process says. */
export interface PayloadReport {
  readonly held: number
  readonly corrupt: number
  /** Threads that ran while the payloads were looked at. */
  readonly openThreads: number
}

const { count, sizeBytes, kind, ending } = JSON.parse(process.argv[2] ?? '') as PayloadCell

const system = await startSystem({ threads: 0 })
const down = new Promise<void>(resolve => void system.events.on('host-down', () => resolve()))
const holder = await system.spawn(HolderActor, { placement: 'main' })
const producer = await system.spawn(ProducerActor, { placement: 'own-thread', restart: 'temporary' })
await producer.ask({ timeoutMs: Infinity }).produce(holder, count, kind, sizeBytes)
while ((await holder.ask.count()) < count) await turn()
if (ending === 'kill') {
  await system.killHost(producer)
  await down
} else {
  await system.stop(producer)
}
collectAndChurn()
const report: PayloadReport = {
  held: await holder.ask.count(),
  corrupt: await holder.ask({ timeoutMs: Infinity }).countCorrupt(sizeBytes),
  openThreads: openThreads(),
}
await system.stop()
writeSync(1, `${JSON.stringify(report)}\n`)

function collectAndChurn(): void {
  globalThis.gc?.()
  const pieces = Array.from({ length: CHURN_BYTES / CHURN_PIECE_BYTES }, () =>
    new Uint8Array(CHURN_PIECE_BYTES).fill(0xaa),
  )
  pieces.length = 0
  globalThis.gc?.()
}

function openThreads(): number {
  return openResources().filter(resource => resource.kind === 'thread').length
}
