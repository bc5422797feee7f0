import { writeFile } from 'node:fs/promises'
import { renderBarChart } from './bar-chart.js'
import { runInProcess } from './bench-process.js'
import { BENCHES } from './benches/index.js'
import { currentLoad, describeMachine } from './machine.js'
import { readOptions } from './options.js'
import { formatResults, panelsOf, type Result } from './results-page.js'
import { formatTables } from './table.js'

const HELP = `Runs all benchmarks and writes what they come to, as test/bench/RESULTS.md with a chart.

  npm run bench:report -- [--quick]

  --quick  shorter rounds and fewer of them
  --help   this text`

/** The page lies among the sources, not among the outputs. */
const PAGES = new URL('../../bench/', import.meta.url)

/** A wrong call is an exit code of 2. A benchmark that fails ends the report, and nothing is written. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), BENCHES.map(({ name }) => name))
  if (typeof options === 'string' || options.isJson || options.isList || options.names.length < BENCHES.length) {
    console.error(typeof options === 'string' ? options : 'bench:report: it takes --quick and --help alone')
    return 2
  }
  if (options.isHelp) {
    console.log(HELP)
    return 0
  }
  const before = currentLoad()
  const results: Result[] = []
  for (const bench of BENCHES) {
    const outcome = await runInProcess(bench.name, options.isQuick ? 'quick' : 'full')
    console.log(`${formatTables(bench, outcome.rows, new Map(outcome.absences))}\n`)
    results.push({ bench, outcome })
  }
  const command = `npm run bench:report${options.isQuick ? ' -- --quick' : ''}`
  await writeFile(new URL('RESULTS.md', PAGES), formatResults(results, { machine: describeMachine(), loads: [before, currentLoad()], command, at: new Date() }))
  await writeFile(new URL('results.svg', PAGES), renderBarChart(panelsOf(results)))
  return 0
}

process.exitCode = await main()
