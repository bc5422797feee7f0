import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { OneWay } from '../peer.js'

/** Processes of an Erlang that is installed. Debian has it as erlang-base. */
export const ERLANG = {
  absence: () => (succeeds('erl', ['-noshell', '-eval', 'halt().']) ? undefined : 'erl is not installed'),
  start: startErlang,
} as const

/** Libzmq without Node, from C. Debian has it as libzmq3-dev. */
export const LIBZMQ = {
  absence: () =>
    succeeds('cc', ['-E', '-xc', '-'], '#include <zmq.h>\n') ? undefined : 'cc or zmq.h is not installed',
  start: startLibzmq,
} as const

async function startErlang(): Promise<OneWay> {
  return startBuilt(directory => {
    build('erlc', ['-o', directory, source('tally.erl')])
    return ['erl', '-noshell', '-pa', directory, '-s', 'tally', 'main']
  })
}

async function startLibzmq(): Promise<OneWay> {
  return startBuilt(directory => {
    const program = join(directory, 'pair-tally')
    build('cc', ['-O2', '-o', program, source('pair-tally.c'), '-lzmq', '-lpthread'])
    return [program]
  })
}

/** Builds a program in a directory of its own and runs it; it answers each number of messages with its tally. */
async function startBuilt(prepare: (directory: string) => readonly string[]): Promise<OneWay> {
  const directory = mkdtempSync(join(tmpdir(), 'zera-bench-'))
  const [command = '', ...args] = prepare(directory)
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  return {
    send: async messages => {
      child.stdin.write(`${messages}\n`)
      const [line] = (await once(lines, 'line')) as [string]
      const [count = Number.NaN, sum = Number.NaN] = line.split(' ').map(Number)
      return { count, sum }
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(child, 'close')
      child.stdin.end()
      await closed
      rmSync(directory, { recursive: true })
    },
  }
}

function build(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Cannot build a peer: ${command} ended with exit code ${status}\n${stderr}`)
}

function succeeds(command: string, args: readonly string[], input = ''): boolean {
  return spawnSync(command, args, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0
}

/** The sources lie next to this module's own, not among the outputs. */
function source(name: string): string {
  return fileURLToPath(new URL(`../../../../bench/peers/native/${name}`, import.meta.url))
}
