import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { lossesOf } from './storm-losses.js'
import type { StormOptions, StormReport } from './storm.js'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
/** A storm has come to its end long before, or it hangs. */
const ROUND_MS = 180_000

/** One short storm of many. */
export interface Round extends Pick<StormOptions, 'threads' | 'everyMs' | 'seconds'> {
  readonly number: number
}

/** How a round went. */
export interface RoundReport {
  readonly round: Round
  /** One line for people. */
  readonly line: string
  readonly downs: number
  readonly problems: readonly string[]
}

/** The storms of a seed: from 2 to 8 threads, a kill every 5 to 100 ms, a second or two each. */
export function chooseRounds(count: number, seed: number): Round[] {
  const next = randomOf(seed)
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    threads: between(2, 8),
    everyMs: between(5, 100),
    seconds: between(1, 2),
  }))
}

/** The arguments of the command that has a round alone. */
export function argumentsOf({ seconds, everyMs, threads }: Round): string[] {
  return ['--seconds', `${seconds}`, '--every', `${everyMs}`, '--threads', `${threads}`]
}

/** Has one round in a process of its own, so that one which ends that process ends no other. */
export function runRound(round: Round): Promise<RoundReport> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [MAIN, ...argumentsOf(round), '--json'],
      { timeout: ROUND_MS, killSignal: 'SIGKILL' },
      (failure, stdout, stderr) => {
        const report = read(stdout)
        if (report === undefined) {
          const end = failure?.signal ?? `exit code ${failure?.code ?? 0}`
          resolve({
            round,
            line: describe(round, 'no report'),
            downs: 0,
            problems: [
              `it ended with ${end}`,
              ...stderr
                .split('\n')
                .filter(line => line !== '')
                .slice(-5),
            ],
          })
        } else resolve({ round, line: describe(round, sumsOf(report)), downs: report.downs, problems: report.problems })
      },
    )
  })
}

function read(stdout: string): (StormReport & { readonly problems: readonly string[] }) | undefined {
  try {
    return JSON.parse(stdout) as StormReport & { readonly problems: readonly string[] }
  } catch {
    // It ended in the middle.
    return undefined
  }
}

function describe(round: Round, what: string): string {
  return `${`${round.number}`.padStart(4)}  ${argumentsOf(round).join(' ').padEnd(39)}  ${what}`
}

function sumsOf(report: StormReport): string {
  const { tells, answers } = lossesOf(report)
  return `${report.downs} deaths, ${tells} messages and ${answers} answers died, ${report.lost} reported as lost`
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
