import { fork, type ForkOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.js'
import type { EffortName } from '../effort.js'
import type { Row } from '../results/rows.js'

const TASKSET = '/usr/bin/taskset'

/** What one benchmark has come to. */
export interface Outcome {
  readonly rows: readonly Row[]
  /** The systems that could not run here, and why. */
  readonly absences: readonly (readonly [system: string, why: string])[]
}

/**
 * Runs a benchmark in a process of its own, so that none inherits what V8 has learnt, or left behind, in another one.
 * One that wants a single core has one where `taskset` is.
 *
 * @throws {Error} When it fails there; what it says has gone to stderr.
 */
export async function runInProcess({ name, place }: Bench, effort: EffortName): Promise<Outcome> {
  const child = fork(fileURLToPath(new URL('./bench-main.js', import.meta.url)), [name, effort], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(place?.isOneCore === true && existsSync(TASKSET) && onOneCore()),
  })
  let outcome: Outcome | undefined
  child.on('message', message => (outcome = message as Outcome))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0 || outcome === undefined)
    throw new Error(`Cannot measure ${name}: its process ended with ${signal ?? `exit code ${code}`}`)
  return outcome
}

/** `taskset` becomes Node in the same process. */
function onOneCore(): ForkOptions {
  return { execPath: TASKSET, execArgv: ['--cpu-list', '0', process.execPath] }
}
