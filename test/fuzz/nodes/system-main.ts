// A system with many nodes, which the fuzzer fakes. For each line that it reads it says how it is, until it reads "stop".
import { createInterface } from 'node:readline'
import { startSystem } from '@zera/actors'
import type { CurveClient } from '@zera/core'
import echo from '../../stress/leaks/echo.js'
import type { SystemReport, SystemSeed } from './system-child.js'

const { endpoint, nodes: count, curve } = JSON.parse(process.argv[2] as string) as SystemSeed
const security: { readonly curve?: CurveClient } = curve === undefined ? {} : { curve }
const nodes = Array.from({ length: count }, (_, at) => ({ name: `n${at}`, endpoint, ...security }))
const system = await startSystem({
  threads: 1,
  nodes,
  heartbeat: { heartbeatMs: 1000, deadlineMs: 120_000 },
  handleSignals: false,
  startMs: 120_000,
  stopMs: 10_000,
})
const ref = await system.spawn(echo)
let events = 0
system.events.on('node-failed', () => (events += 1))

async function howItIs(): Promise<SystemReport> {
  const { nodeFaults: faults, hosts } = await system.snapshot({ timeoutMs: 0 })
  return {
    faults,
    events,
    running: hosts.filter(({ node, isRunning }) => node !== undefined && isRunning).length,
    answer: await ref.ask({ timeoutMs: 30_000 }).echo('hello'),
  }
}

console.log(JSON.stringify(await howItIs()))
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'stop') break
  console.log(JSON.stringify(await howItIs()))
}
await system.stop()
process.stdin.destroy()
