import { parseArgs } from 'node:util'

/** What the command line asks for. On an `error` the caller writes its text to stderr and ends with exit code 2. */
export type Options =
  | RunOptions
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }

/** How to run. */
export interface RunOptions {
  readonly kind: 'run'
  readonly workers: number
  /** Whether one thread is killed and one actor is made to throw. */
  readonly isChaotic: boolean
  /** Whether a page shows it, and stays when it is done. */
  readonly isObserved: boolean
  /** How often both ways are timed. */
  readonly rounds: number
}

/**
 * Reads the command line. `--help` wins over everything else; of an option given twice the last one counts.
 *
 * @param args The arguments without node and script: `process.argv.slice(2)`.
 * @param cpuCount How many threads this machine runs at once: `os.availableParallelism()`.
 */
export function parseOptions(args: readonly string[], cpuCount: number): Options {
  const defaultWorkers = Math.min(Math.max(cpuCount, 2), MAX_DEFAULT_WORKERS)
  // Not strict, so that the errors can be worded here; the tokens hold all that strict would check.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true })
  if (tokens.some(token => token.kind === 'option' && token.name === 'help')) {
    return { kind: 'help', text: helpText(defaultWorkers) }
  }

  let workers = defaultWorkers
  let isChaotic = true
  let isObserved = false
  let rounds = DEFAULT_ROUNDS
  for (const token of tokens) {
    if (token.kind === 'positional') return error(`unexpected argument ${JSON.stringify(token.value)}`)
    if (token.kind === 'option-terminator') continue
    if (token.name === 'workers') {
      if (!isCount(token.value, MAX_WORKERS)) return badCount('--workers', MAX_WORKERS, token.value)
      workers = Number(token.value)
    } else if (token.name === 'rounds') {
      if (!isCount(token.value, MAX_ROUNDS)) return badCount('--rounds', MAX_ROUNDS, token.value)
      rounds = Number(token.value)
    } else if (token.name === 'no-chaos' || token.name === 'observe') {
      if (token.value !== undefined) return error(`${token.rawName} takes no value, ${got(token.value)}`)
      if (token.name === 'observe') isObserved = true
      else isChaotic = false
    } else {
      return error(`unknown option ${JSON.stringify(token.rawName)}`)
    }
  }
  return { kind: 'run', workers, isChaotic, isObserved, rounds }
}

const OPTIONS = {
  workers: { type: 'string' },
  rounds: { type: 'string' },
  'no-chaos': { type: 'boolean' },
  observe: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const MAX_WORKERS = 64

/** There are 11 row groups to decode: many more workers than this would decode what others decode too. */
const MAX_DEFAULT_WORKERS = 6

const MAX_ROUNDS = 99
const DEFAULT_ROUNDS = 2

function isCount(value: string | undefined, max: number): boolean {
  return value !== undefined && /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= max
}

function badCount(option: string, max: number, value: string | undefined): Options {
  return error(`${option} must be a whole number from 1 to ${max}, ${got(value)}`)
}

function got(value: string | undefined): string {
  return value === undefined ? 'and none was given' : `not ${JSON.stringify(value)}`
}

function error(text: string): Options {
  return { kind: 'error', text: `flights: ${text}; see --help` }
}

function helpText(defaultWorkers: number): string {
  return `Usage: npm start -- [options]

Counts three million flights with actors in several threads, while one thread is killed and an actor throws; then
once more in one thread, to check; and then both in turn, to compare their speed.

Options:
  --workers N  how many worker threads count, 1 to ${MAX_WORKERS} (here ${defaultWorkers} unless given)
  --no-chaos   let every thread live
  --observe    show it in a browser, until you press Ctrl-C
  --rounds N   how often both are timed, 1 to ${MAX_ROUNDS} (${DEFAULT_ROUNDS} unless given)
  --help, -h   show this text`
}
