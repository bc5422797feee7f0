import { writeFile } from 'node:fs/promises'
import type { Bench } from './bench.js'
import { BENCHES } from './benches/index.js'
import { currentLoad, describeMachine } from './machine.js'
import { readOptions } from './options.js'
import { renderChart } from './results/chart.js'
import type { Result } from './results/result.js'
import { formatResults, panelsOf } from './results/results-page.js'
import { formatTables } from './results/table.js'
import { runInProcess, type Outcome } from './runs/bench-process.js'

const HELP = `Runs all benchmarks and writes what they come to, as test/bench/RESULTS.md with a chart.

  npm run bench:report -- [--quick] [--runs N]

  --quick   shorter rounds and fewer of them
  --runs N  all of them so often, one whole run after the other; default 1
  --help    this text`

/** The page lies among the sources, not among the outputs. */
const PAGES = new URL('../../bench/', import.meta.url)

/** A wrong call is an exit code of 2. A benchmark that fails ends the report, and nothing is written. */
async function main(): Promise<number> {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  )
  if (typeof options === 'string' || options.isJson || options.isList || options.names.length < BENCHES.length) {
    console.error(typeof options === 'string' ? options : 'bench:report: it takes --quick, --runs and --help alone')
    return 2
  }
  if (options.isHelp) {
    console.log(HELP)
    return 0
  }
  const before = currentLoad()
  const outcomes = new Map<Bench, Outcome[]>(BENCHES.map(bench => [bench, []]))
  for (let run = 1; run <= options.runs; run++) {
    if (options.runs > 1) console.log(`Run ${run} of ${options.runs}\n`)
    for (const [bench, runs] of outcomes) {
      const outcome = await runInProcess(bench.name, options.isQuick ? 'quick' : 'full')
      console.log(`${formatTables(bench, outcome.rows, new Map(outcome.absences))}\n`)
      runs.push(outcome)
    }
  }
  const results: Result[] = [...outcomes].map(([bench, runs]) => ({ bench, runs: runs as [Outcome, ...Outcome[]] }))
  const given = [...(options.isQuick ? ['--quick'] : []), ...(options.runs > 1 ? [`--runs ${options.runs}`] : [])]
  const command = ['npm run bench:report', ...(given.length > 0 ? ['--', ...given] : [])].join(' ')
  await writeFile(
    new URL('RESULTS.md', PAGES),
    formatResults(results, { machine: describeMachine(), loads: [before, currentLoad()], command, at: new Date() }),
  )
  await writeFile(new URL('results.svg', PAGES), renderChart(panelsOf(results)))
  return 0
}

process.exitCode = await main()
