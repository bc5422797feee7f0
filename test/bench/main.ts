import { BENCHES } from './benches/index.js'
import { currentLoad, describeMachine, formatMachine } from './machine.js'
import { readOptions } from './options.js'
import { formatTables } from './results/table.js'
import { runInProcess } from './runs/bench-process.js'

const HELP = `Measures Zera side by side with what people use now, in turn and in one run. Only the ratios mean anything: machines differ, and one differs
from minute to minute. Each round checks that everything was delivered once.

  npm run bench -- [--quick] [--json] [--only NAME]... [--runs N]

  --quick      shorter rounds and fewer of them
  --json       one line of JSON for each row
  --only NAME  this benchmark alone, and others that are named so; payloads stands for all whose names begin with payloads-
  --runs N     all that so often, one whole run after the other; default 1
  --list       the names of the benchmarks, and what they measure
  --help       this text`

/** A wrong call is an exit code of 2, a benchmark that fails one of 1. */
async function main(): Promise<number> {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  )
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  if (options.isHelp) {
    console.log(HELP)
    return 0
  }
  if (options.isList) {
    for (const { name, title } of BENCHES) console.log(`${name.padEnd(18)} ${title}`)
    return 0
  }
  if (!options.isJson) console.log(`${formatMachine(describeMachine())}\nload ${currentLoad().toFixed(1)}\n`)
  let failures = 0
  const benches = BENCHES.filter(({ name }) => options.names.includes(name))
  for (const bench of Array.from({ length: options.runs }, () => benches).flat()) {
    try {
      const { rows, absences } = await runInProcess(bench, options.isQuick ? 'quick' : 'full')
      if (options.isJson) for (const row of rows) console.log(JSON.stringify(row))
      else console.log(`${formatTables(bench, rows, new Map(absences))}\n`)
    } catch (error) {
      failures += 1
      console.error((error as Error).message)
    }
  }
  return failures > 0 ? 1 : 0
}

process.exitCode = await main()
