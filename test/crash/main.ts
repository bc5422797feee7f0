// npm run crash: the crash matrix, ends of nodes, faults of actors, and payloads whose sender has died.
import { availableParallelism } from 'node:os'
import { FAULT_CELLS } from './faults/faults.js'
import { renderFaults } from './faults/render-faults.js'
import { runFault, type FaultResult } from './faults/run-fault.js'
import { inParallel } from './in-parallel.js'
import { HELP, OptionsError, parseOptions, type CrashOptions } from './options.js'
import { deathsOf } from './rows/cell.js'
import { NODE_ENDINGS } from './rows/node-endings.js'
import { describePayloadCell, payloadCells } from './rows/payload-cell.js'
import { runCell, type CellResult } from './runs/run-cell.js'
import { runNodeRow, type NodeResult } from './runs/run-node-row.js'
import { runPayloadCell, type PayloadResult } from './runs/run-payload-cell.js'
import { renderTable } from './table.js'

const PAYLOADS = 2000

try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) console.log(HELP)
  else process.exitCode = (await crash(options)) ? 0 : 1
} catch (error) {
  if (!(error instanceof OptionsError)) throw error
  console.error(`${error.message}\nnpm run crash -- --help says more`)
  process.exitCode = 2
}

/** Runs everything that was asked for. Returns whether all is as expected. */
async function crash(options: CrashOptions): Promise<boolean> {
  const startedAt = performance.now()
  const payloads = options.payloads ? payloadCells(PAYLOADS, PAYLOADS) : []
  const nodeEndings = options.nodes ? NODE_ENDINGS : []
  const faults = options.faults ? FAULT_CELLS : []
  const total = options.cells.length + nodeEndings.length + faults.length + payloads.length
  let done = 0
  const tell = (name: string, result: CellResult | NodeResult | FaultResult | PayloadResult): void => {
    done += 1
    if (options.json) {
      console.log(JSON.stringify(result))
      return
    }
    console.log(
      `${`${done}/${total}`.padStart(7)}  ${name}: ${result.isOk ? 'ok' : 'FAILED'} (${(result.durationMs / 1000).toFixed(1)} s)`,
    )
    for (const problem of result.problems) console.log(`         ${problem}`)
  }
  const results = await inParallel(options.cells, availableParallelism(), async cell => {
    const result = await runCell({ cell, deaths: deathsOf(cell, options.exchangingDeaths) })
    tell(`${cell.ending}, ${cell.state}`, result)
    return result
  })
  const nodeResults = await inParallel(nodeEndings, availableParallelism(), async ending => {
    const result = await runNodeRow(ending)
    tell(`${ending.name}, with nodes`, result)
    return result
  })
  const faultResults = await inParallel(faults, availableParallelism(), async cell => {
    const result = await runFault(cell)
    tell(`${cell.fault}, ${cell.place}`, result)
    return result
  })
  // One after the other, because each holds two gigabytes.
  const payloadResults = await inParallel(payloads, 1, async cell => {
    const result = await runPayloadCell(cell)
    tell(describePayloadCell(cell), result)
    return result
  })
  const all = [...results, ...nodeResults, ...faultResults, ...payloadResults]
  const failed = all.filter(({ isOk }) => !isOk).length
  if (!options.json) {
    if (results.length > 0)
      console.log(`\n${renderTable(results)}\n\nok (n): in n deaths, one after the other, in one process`)
    if (faultResults.length > 0) console.log(`\n${renderFaults(faultResults)}`)
    for (const { payloads: cell, report } of payloadResults)
      console.log(`${describePayloadCell(cell)}: ${report?.corrupt ?? 'unknown how many'} corrupt`)
    console.log(
      `\n${all.length - failed} as expected, ${failed} not, in ${Math.round((performance.now() - startedAt) / 1000)} s`,
    )
  }
  return failed === 0
}
