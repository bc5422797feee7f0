import { writeSync } from 'node:fs'
import type { SystemReceipt } from '@zera/actors'
import { reportLanes } from '../accounts/lanes-report.js'
import { reportReceipt } from '../accounts/receipt-report.js'
import { REACHED, writeReport } from '../accounts/report.js'
import { Truth } from '../records/truth.js'
import type { Cell } from '../rows/cell.js'
import { enterState } from '../stages/enter-state.js'
import { setStage } from '../stages/stage.js'

const WRONG_EVENTS = ['host-down', 'host-failed', 'actor-failed', 'actor-restarted', 'actor-given-up']

/** Brings a thread into a state, and ends the main thread. The report is written on the way out. */
export async function runMainScenario(cell: Cell): Promise<void> {
  const truth = Truth.create()
  const stage = await setStage(truth, cell.state, undefined)
  const { system, events } = stage
  let receipt: SystemReceipt | undefined
  system.events.on('stopping', () => {
    truth.pump(false)
    truth.release()
  })
  system.events.on('stopped', stopped => (receipt = stopped))
  process.on('exit', () => {
    writeReport({
      kind: 'stop',
      lanes: reportLanes(truth),
      receipt: receipt && reportReceipt(receipt),
      wrongEvents: events.map(({ type }) => type).filter(type => WRONG_EVENTS.includes(type)),
    })
  })
  // Main has nothing left to do only when it does not send; the other threads do.
  await enterState(cell.state, truth, stage, cell.ending === 'main-end' ? 'host-alone' : 'both')
  writeSync(1, `${REACHED}\n`)
  if (cell.ending === 'main-end') system.unref()
  else endMain(cell)
}

/** Ends main, now, whatever its threads do. A signal comes from outside. */
function endMain({ ending }: Cell): void {
  if (ending === 'main-exit') process.exit(3)
  if (ending === 'main-throw') {
    setTimeout(() => {
      throw new Error('thrown on purpose')
    }, 0)
  }
}
