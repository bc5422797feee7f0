import { parseArgs } from 'node:util'
import { FAULTS, PLACES } from './faults/faults.js'
import { CELLS, SHORT_CELLS, type Cell } from './rows/cell.js'
import { ENDINGS } from './rows/endings.js'
import { NODE_ENDINGS } from './rows/node-endings.js'
import { STATES } from './rows/states.js'

/** What the command was asked for. */
export interface CrashOptions {
  readonly help: boolean
  readonly json: boolean
  /** The cells to run. */
  readonly cells: readonly Cell[]
  readonly payloads: boolean
  /** Whether to run the ends of nodes, of their threads, and of systems that have some. */
  readonly nodes: boolean
  /** Whether to run what actors do that concerns them alone, wherever they live. */
  readonly faults: boolean
  /** Deaths of one thread after the other while it exchanges messages: by a kill, and by each other ending. */
  readonly exchangingDeaths: { readonly kill: number; readonly others: number }
}

/** Options that make no sense, with what would. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

const PAYLOADS = 'payloads'
const NODES = 'nodes'
const FAULT = 'faults'
const DEFAULT_DEATHS = 200
const SHORT_DEATHS = 10

export const HELP = `Usage: npm run crash -- [options]

Lets threads, and the main thread, end in every way and in every state, each in a process of its own, and accounts for every message.

  --only <ending>[,<state>]  only these cells; "payloads" runs only the check of payloads whose sender has died, "nodes" only the ends of nodes, "faults" only the faults of actors
  --deaths <number>          deaths by a kill while messages are exchanged, and a fifth of that for each other ending (default ${DEFAULT_DEATHS})
  --short                    every ending in one state and every state with one ending, with ${SHORT_DEATHS} deaths by a kill, and nothing else
  --json                     one line of JSON for each cell
  --help                     this text

Endings:
${ENDINGS.map(({ name, text }) => `  ${name.padEnd(14)} ${text}`).join('\n')}

States:
${STATES.map(({ name, text }) => `  ${name.padEnd(14)} ${text}`).join('\n')}

Faults of actors, each ${PLACES.map(({ text }) => text).join(', ')}:
${FAULTS.map(({ name, text }) => `  ${name.padEnd(21)} ${text}`).join('\n')}

Ends of nodes:
${NODE_ENDINGS.map(({ name, text }) => `  ${name.padEnd(14)} ${text}`).join('\n')}`

/**
 * Reads the arguments.
 *
 * @throws {OptionsError} When one is unknown or out of its range.
 */
export function parseOptions(args: readonly string[]): CrashOptions {
  const { help, json, only, deaths, short: isShort = false } = readArguments(args)
  if (isShort && only !== undefined) throw new OptionsError('--short and --only each say what runs; take one of them')
  const kill = Number(deaths ?? (isShort ? SHORT_DEATHS : DEFAULT_DEATHS))
  if (!Number.isInteger(kill) || kill < 1)
    throw new OptionsError(`--deaths must be a whole number from 1 on, not "${deaths}"`)
  const isOther = only === PAYLOADS || only === NODES || only === FAULT
  const isAll = only === undefined && !isShort
  return {
    help: help === true,
    json: json === true,
    cells: isOther ? [] : isShort ? SHORT_CELLS : only === undefined ? CELLS : cellsOf(only),
    payloads: only === PAYLOADS || isAll,
    nodes: only === NODES || isAll,
    faults: only === FAULT || isAll,
    exchangingDeaths: { kill, others: Math.ceil(kill / 5) },
  }
}

interface Arguments {
  readonly help?: boolean
  readonly json?: boolean
  readonly short?: boolean
  readonly only?: string
  readonly deaths?: string
}

function readArguments(args: readonly string[]): Arguments {
  try {
    const options = {
      help: { type: 'boolean' },
      json: { type: 'boolean' },
      short: { type: 'boolean' },
      only: { type: 'string' },
      deaths: { type: 'string' },
    } as const
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new OptionsError((error as Error).message)
  }
}

function cellsOf(only: string): readonly Cell[] {
  const [ending, state, ...rest] = only.split(',')
  expectName('an ending', ending, [...ENDINGS.map(({ name }) => name), PAYLOADS, NODES, FAULT])
  if (state !== undefined)
    expectName(
      'a state',
      state,
      STATES.map(({ name }) => name),
    )
  if (rest.length > 0) throw new OptionsError(`--only takes an ending and at most one state, not "${only}"`)
  return CELLS.filter(cell => cell.ending === ending && (state === undefined || cell.state === state))
}

function expectName(what: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || !names.includes(name))
    throw new OptionsError(`--only: "${name}" is not ${what}; there are ${names.join(', ')}`)
}
