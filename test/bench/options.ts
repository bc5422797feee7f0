import { parseArgs } from 'node:util'

/** What a call of the bench asks for. */
export interface BenchOptions {
  readonly isQuick: boolean
  readonly isJson: boolean
  readonly isList: boolean
  readonly isHelp: boolean
  /** How often all of them are to run, one whole run after the other. */
  readonly runs: number
  /** The names of the benchmarks to run: those that were given, or all. */
  readonly names: readonly string[]
}

/**
 * Reads the arguments of a call.
 *
 * @returns What is wrong, as a sentence, when they are wrong.
 */
export function readOptions(args: readonly string[], known: readonly string[]): BenchOptions | string {
  const parsed = parse(args)
  if (typeof parsed === 'string') return `bench: ${parsed}; see --help`
  const { quick = false, json = false, list = false, help = false, only = [], runs = '1' } = parsed
  const unknown = only.find(given => !known.some(name => isMeant(name, given, known)))
  if (unknown !== undefined) return `bench: there is no benchmark ${unknown}; there are ${known.join(', ')}`
  if (!/^[1-9]\d?$/.test(runs)) return `bench: --runs takes a number from 1 to 99, not ${runs}; see --help`
  return {
    isQuick: quick,
    isJson: json,
    isList: list,
    isHelp: help,
    runs: Number(runs),
    names: only.length === 0 ? known : known.filter(name => only.some(given => isMeant(name, given, known))),
  }
}

/** A name means that benchmark alone; what several names begin with, up to a dash, means all of them. */
function isMeant(name: string, given: string, known: readonly string[]): boolean {
  return name === given || (!known.includes(given) && name.startsWith(`${given}-`))
}

function parse(
  args: readonly string[],
): { quick?: boolean; json?: boolean; list?: boolean; help?: boolean; only?: string[]; runs?: string } | string {
  try {
    const flag = { type: 'boolean' } as const
    return parseArgs({
      args: [...args],
      options: {
        quick: flag,
        json: flag,
        list: flag,
        help: flag,
        only: { type: 'string', multiple: true },
        runs: { type: 'string' },
      },
    }).values
  } catch (error) {
    return (error as Error).message
  }
}
