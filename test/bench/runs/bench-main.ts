import { BENCHES } from '../benches/index.js'
import { EFFORTS, type EffortName } from '../effort.js'
import { rowsOf } from '../results/rows.js'
import type { Outcome } from './bench-process.js'
import { startBusyProcesses } from './busy-processes.js'
import { runBench } from './run-bench.js'

// The process of one benchmark: its arguments are the name and the effort, and it sends what came out to who started it.
const [, , name, effort] = process.argv
const bench = BENCHES.find(candidate => candidate.name === name)
if (bench === undefined) throw new RangeError(`Cannot measure ${name}: there is no such benchmark`)
const others = startBusyProcesses(bench.place?.busyProcesses ?? 0)
const run = await runBench(bench, EFFORTS[effort as EffortName])
others[Symbol.dispose]()
// Some peers leave threads behind that would keep the process alive.
process.send?.({ rows: rowsOf(run), absences: [...run.absences] } satisfies Outcome, () => process.exit())
