import { parseArgs } from 'node:util'

/** What a call of the bench asks for. */
export interface BenchOptions {
  readonly isQuick: boolean
  readonly isJson: boolean
  readonly isList: boolean
  readonly isHelp: boolean
  /** The names of the benchmarks to run: those that were given, or all. */
  readonly names: readonly string[]
}

/** Reads the arguments of a call. @returns What is wrong, as a sentence, when they are wrong. */
export function readOptions(args: readonly string[], known: readonly string[]): BenchOptions | string {
  const parsed = parse(args)
  if (typeof parsed === 'string') return `bench: ${parsed}; see --help`
  const { quick = false, json = false, list = false, help = false, only = [] } = parsed
  const unknown = only.find(name => !known.includes(name))
  if (unknown !== undefined) return `bench: there is no benchmark ${unknown}; there are ${known.join(', ')}`
  return { isQuick: quick, isJson: json, isList: list, isHelp: help, names: only.length === 0 ? known : known.filter(name => only.includes(name)) }
}

function parse(args: readonly string[]): { quick?: boolean; json?: boolean; list?: boolean; help?: boolean; only?: string[] } | string {
  try {
    const flag = { type: 'boolean' } as const
    return parseArgs({ args: [...args], options: { quick: flag, json: flag, list: flag, help: flag, only: { type: 'string', multiple: true } } }).values
  } catch (error) {
    return (error as Error).message
  }
}
