import { writeSync } from 'node:fs'
// What runs in the process of a row for nodes. Its one argument is the order as JSON; its last line of output is the report.
import type { SystemReceipt } from '@zera/actors'
import { openResources } from '@zera/core'
import { accountForNodes } from '../accounts/node-account.js'
import { NODE, type NodeReport } from '../accounts/node-report.js'
import { reportReceipt } from '../accounts/receipt-report.js'
import { REACHED, writeReport } from '../accounts/report.js'
import { Truth } from '../records/truth.js'
import { nodeEndingOf } from '../rows/node-endings.js'
import type { NodeOrder } from '../runs/run-node-row.js'
import { everyLaneIsAnswered } from '../stages/enter-state.js'
import { eventsOf, setNodeStage, settle, startPumping } from '../stages/node-stage.js'
import { PATIENCE_MS, until } from '../until.js'

/** A main thread that is late loses no node, but where that is what it is about. */
const HEARTBEAT = { heartbeatMs: 1000, deadlineMs: PATIENCE_MS }
const SHORT_HEARTBEAT = { heartbeatMs: 200, deadlineMs: 1500 }
/** A thread that actors share has the heap limit of its process, which is to be reached. */
const SMALL_HEAPS = '--max-old-space-size=48'

const { ending: name, journal } = JSON.parse(process.argv[2] ?? '') as NodeOrder
const ending = nodeEndingOf(name)
if (name === 'heap-limit') process.env['NODE_OPTIONS'] = SMALL_HEAPS

const truth = Truth.create()
const stage = await setNodeStage({
  truth,
  journal,
  places: ending.place === 'node' ? [{ node: 'node' }] : ['own-process'],
  heartbeat: name === 'node-suspended' ? SHORT_HEARTBEAT : HEARTBEAT,
})
const { system } = stage
const [lodger] = stage.lodgers as [(typeof stage.lodgers)[number]]
startPumping(stage)
let node = await sayNode()
await until('the actor on the node has answered', everyLaneIsAnswered(truth))
if (ending.of === 'main') await endMain()
else {
  const deaths = ending.of === 'thread' ? 2 : 1
  for (let died = 0; died < deaths; died++) await die()
  await settle(stage)
  report(await system.stop(), deaths)
}

/** Ends what is to end, and waits until the actor is back. */
async function die(): Promise<void> {
  const [downs, restarts] = [eventsOf(stage, 'host-down').length, eventsOf(stage, 'actor-restarted').length]
  if (ending.of === 'node') process.kill(node, ending.kill)
  else if (ending.of === 'thread' && ending.thread !== 'kill') lodger.tell.end(ending.thread)
  else await system.killHost(lodger)
  await until('the thread on the node is down', () => eventsOf(stage, 'host-down').length > downs)
  if (name === 'node-suspended') process.kill(node, 'SIGCONT')
  await until('the actor was restarted', () => eventsOf(stage, 'actor-restarted').length > restarts)
  node = await sayNode()
  await until('the actor answers again', everyLaneIsAnswered(truth))
}

/** Ends main, now, or waits for the signal that comes from outside. The report is written on the way out. */
async function endMain(): Promise<void> {
  let receipt: SystemReceipt | undefined
  system.events.on('stopping', () => truth.pump(false))
  system.events.on('stopped', stopped => (receipt = stopped))
  process.on('exit', () => report(receipt, 0))
  if (name === 'all-SIGTERM') process.kill(node, 'SIGTERM')
  writeSync(1, `${REACHED}\n`)
  if (name === 'main-exit' || name === 'process-main-exit') process.exit(3)
  if (name === 'main-stop' || name === 'process-main-stop') await system.stop()
}

async function sayNode(): Promise<number> {
  const pid = await lodger.ask({ timeoutMs: PATIENCE_MS }).process()
  writeSync(1, `${NODE}${pid}\n`)
  return pid
}

function report(receipt: SystemReceipt | undefined, deathsPlanned: number): void {
  writeReport({
    kind: 'node',
    deathsPlanned,
    downs: eventsOf(stage, 'host-down').map(({ reason, exitCode }) => ({ reason, exitCode })),
    restarts: eventsOf(stage, 'actor-restarted').length,
    account: accountForNodes(stage),
    letters: stage.letters(),
    receipt: receipt && reportReceipt(receipt),
    open: receipt === undefined ? [] : openResources().map(({ kind, name: what }) => `${kind} ${what}`),
  } satisfies NodeReport)
}
