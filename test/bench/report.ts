import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Bench } from './bench.js'
import { BENCHES } from './benches/index.js'
import { currentLoad, describeMachine } from './machine.js'
import { readOptions, type BenchOptions } from './options.js'
import { renderChart } from './results/chart.js'
import type { Result } from './results/result.js'
import { formatResults, panelsOf, type Circumstances } from './results/results-page.js'
import { formatTables } from './results/table.js'
import { runInProcess, type Outcome } from './runs/bench-process.js'

const HELP = `Runs all benchmarks and writes what they come to, as test/bench/RESULTS.md with a chart.

  npm run bench:report -- [--quick] [--runs N]
  npm run bench:report -- --render

  --quick   shorter rounds and fewer of them
  --runs N  all of them so often, one whole run after the other; default 1
  --render  measures nothing, and writes the page anew from the figures of the last report here, for findings that
            were written since
  --help    this text`

/** The page lies among the sources, not among the outputs. */
const PAGES = new URL('../../bench/', import.meta.url)

/** The figures of the last report, which the page does not have in full. */
const FIGURES = new URL('../../../node_modules/.cache/bench/figures.json', import.meta.url)

/** What a report has measured. */
interface Figures extends Omit<Circumstances, 'at'> {
  /** As in JSON. */
  readonly at: string
  readonly outcomes: readonly (readonly [bench: string, runs: readonly Outcome[]])[]
}

/** A wrong call is an exit code of 2. A benchmark that fails ends the report, and nothing is written. */
async function main(): Promise<number> {
  const isRender = process.argv[2] === '--render' && process.argv.length === 3
  const options = readOptions(
    isRender ? [] : process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  )
  if (typeof options === 'string' || options.isJson || options.isList || options.names.length < BENCHES.length) {
    console.error(
      typeof options === 'string' ? options : 'bench:report: it takes --quick, --runs, --render and --help alone',
    )
    return 2
  }
  if (options.isHelp) {
    console.log(HELP)
    return 0
  }
  if (!isRender) {
    await mkdir(new URL('.', FIGURES), { recursive: true })
    await writeFile(FIGURES, JSON.stringify(await measure(options)))
  }
  await render(JSON.parse(await readFile(FIGURES, 'utf8')) as Figures)
  return 0
}

async function measure({ runs, isQuick }: Pick<BenchOptions, 'runs' | 'isQuick'>): Promise<Figures> {
  const before = currentLoad()
  const outcomes = new Map<Bench, Outcome[]>(BENCHES.map(bench => [bench, []]))
  for (let run = 1; run <= runs; run++) {
    if (runs > 1) console.log(`Run ${run} of ${runs}\n`)
    for (const [bench, all] of outcomes) {
      const outcome = await runInProcess(bench, isQuick ? 'quick' : 'full')
      console.log(`${formatTables(bench, outcome.rows, new Map(outcome.absences))}\n`)
      all.push(outcome)
    }
  }
  const given = [...(isQuick ? ['--quick'] : []), ...(runs > 1 ? [`--runs ${runs}`] : [])]
  return {
    machine: describeMachine(),
    loads: [before, currentLoad()],
    command: ['npm run bench:report', ...(given.length > 0 ? ['--', ...given] : [])].join(' '),
    at: new Date().toISOString(),
    outcomes: [...outcomes].map(([{ name }, all]) => [name, all]),
  }
}

async function render({ outcomes, at, ...circumstances }: Figures): Promise<void> {
  const results = outcomes.flatMap(([name, runs]): Result[] => {
    const bench = BENCHES.find(candidate => candidate.name === name)
    return bench === undefined ? [] : [{ bench, runs: runs as [Outcome, ...Outcome[]] }]
  })
  await writeFile(new URL('RESULTS.md', PAGES), formatResults(results, { ...circumstances, at: new Date(at) }))
  await writeFile(new URL('results.svg', PAGES), renderChart(panelsOf(results)))
}

process.exitCode = await main()
