import { writeReport } from '../accounts/report.js'
// What runs in the process of a cell. Its one argument is the order as JSON; its last line of output is the report.
import { isCoreCell } from '../rows/cell.js'
import { endingOf } from '../rows/endings.js'
import type { ScenarioOrder } from '../runs/run-cell.js'
import { runCoreScenario } from './core-scenario.js'
import { runMainScenario } from './main-scenario.js'
import { runThreadScenario } from './thread-scenario.js'

const { cell, deaths } = JSON.parse(process.argv[2] ?? '') as ScenarioOrder

if (endingOf(cell.ending).of === 'thread') writeReport(await runThreadScenario(cell, deaths))
else if (isCoreCell(cell)) await runCoreScenario(cell)
else await runMainScenario(cell)
