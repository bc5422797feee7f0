// What runs in the process of a cell of the table of faults. Its one argument is the cell as JSON; its last line of output is the report.
import { openResources } from '@zera/core'
import { descriptorsByKind } from '../../stress/leaks/descriptors.js'
import { reportReceipt } from '../accounts/receipt-report.js'
import { PATIENCE_MS, until } from '../until.js'
import { COMMIT } from './commit-fault.js'
import { moreDescriptors } from './descriptors.js'
import { countEvents, expectSame, outcomeOf, setFaultStage, type FaultStage } from './fault-stage.js'
import { faultOf, placeOf, type FaultCell } from './faults.js'
import type { FaultReport } from './run-fault.js'

const cell = JSON.parse(process.argv[2] ?? '') as FaultCell
const fault = faultOf(cell.fault)
const stage = await setFaultStage(fault, placeOf(cell.place))
const { system, problems } = stage

// The first time opens what stays.
await commit(0)
const before = descriptorsByKind()
for (let round = 1; round < fault.rounds; round++) await commit(round)
if (fault.rounds > 1) {
  await until('the descriptors are back', () => moreDescriptors(before, descriptorsByKind()).length === 0).catch(() => {
    problems.push(`it has left ${moreDescriptors(before, descriptorsByKind()).join()}`)
  })
}
const downs = countEvents(stage, 'host-down')
expectSame(stage, 'threads that went down', downs, fault.down === undefined ? 0 : fault.rounds)
const others = countEvents(stage, 'host-down', event => event.type === 'host-down' && event.event.reason !== fault.down)
expectSame(stage, 'threads that went down in another way', others, 0)
const receipt = reportReceipt(await system.stop())
if (!receipt.isClean) problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
const open = openResources().map(({ kind, name }) => `${kind} ${name}`)
if (open.length > 0) problems.push(`left open: ${open.join()}`)
console.log(JSON.stringify({ problems } satisfies FaultReport))

/** Commits the fault, while others are asked. */
async function commit(round: number): Promise<void> {
  const during = Promise.all(
    onlookersOf(stage).map(async onlooker => outcomeOf(onlooker.ask({ timeoutMs: PATIENCE_MS }).answerSlowly())),
  )
  await COMMIT[fault.name](stage, round)
  const after = await Promise.all(
    onlookersOf(stage).map(async onlooker => outcomeOf(onlooker.ask({ timeoutMs: PATIENCE_MS }).answer())),
  )
  for (const outcome of [...(await during), ...after])
    expectSame(stage, 'the answer of an onlooker', outcome, 'answered')
}

/** The actors that must not notice: the neighbour only where the thread must not. */
function onlookersOf({ neighbour, onlookers }: FaultStage): FaultStage['onlookers'] {
  return neighbour === undefined || fault.down !== undefined ? onlookers : [neighbour, ...onlookers]
}
