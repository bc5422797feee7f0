import { parseArgs } from 'node:util'
import { UsageError } from '@zera/core/internal'
import { findSystem } from './find-system.js'
import { loadState } from './load-state.js'
import { renderDiagnosis } from './render-diagnosis.js'
import { runTop } from './top.js'

const HELP = `Usage: zera COMMAND [SYSTEM]

Looks at a system of this user on this machine that was started with startSystem({ observer: true }), also while it hangs.
SYSTEM is its name, or the number of its process; it can be left out where there is one alone.

  observe            the address of its page
  top                what it does, again each second; without a terminal, once
  diagnose [--json]  what is likely wrong, and what to do; the exit code is 0 when nothing is, 1 when something is

An exit code of 2 says that the call is wrong, or that there is no such system.`

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { command, wanted, isJson, isHelp } = readArguments(args)
  if (isHelp) {
    console.log(HELP)
    return 0
  }
  const system = findSystem(wanted)
  if (command === 'observe') {
    console.log(system.url)
    return 0
  }
  if (command === 'top') {
    await runTop(system)
    return 0
  }
  const state = await loadState(system)
  const { name, pid, atMs, findings } = state
  console.log(isJson ? JSON.stringify({ name, pid, atMs, findings }) : renderDiagnosis(state))
  return findings.length === 0 ? 0 : 1
}

const COMMANDS = ['observe', 'top', 'diagnose'] as const

function readArguments(args: readonly string[]) {
  try {
    const flag = { type: 'boolean' } as const
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: flag, help: { ...flag, short: 'h' } },
    })
    const [given, wanted, ...others] = positionals
    const command = COMMANDS.find(each => each === given)
    const { json = false, help = false } = values
    if (!help) {
      if (given === undefined) throw new UsageError(`which command? There are ${COMMANDS.join(', ')}`)
      if (command === undefined) throw new UsageError(`there is no command ${given}; there are ${COMMANDS.join(', ')}`)
      if (others.length > 0) throw new UsageError(`unexpected argument ${others[0]}`)
      if (json && command !== 'diagnose') throw new UsageError(`${command} has no --json`)
    }
    return { command, wanted, isJson: json, isHelp: help }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Error)) throw error
  console.error(`zera: ${error.message}${error instanceof UsageError ? '; see zera top --help' : ''}`)
  process.exitCode = 2
}
