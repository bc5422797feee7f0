import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench, Contender } from '../../bench.js'
import { EFFORTS } from '../../effort.js'

const ZERA = 'zera, a worker for each core'
const ALONE = 'one thread alone'

const PROGRAM = fileURLToPath(import.meta.resolve('@zera/example-flights'))

/** What `npm start` shows, without its deaths. It times both ways itself, in turn and after the same warm-up. */
export const demonstration: Bench = {
  name: 'demonstration',
  title: 'The main demonstration, which counts three million flights, without chaos',
  figures: [{ name: 'rate', unit: 'passes/min', better: 'more', targets: [{ of: 'ratio', limit: 1.7 }] }],
  baselines: [ALONE],
  contenders: contenders(),
}

function contenders(): Contender[] {
  const runs: Promise<string>[] = []
  const contender = (about: Pick<Contender, 'system' | 'isOurs'>, line: RegExp): Contender => ({
    ...about,
    absence: effort => (effort === EFFORTS.tiny ? 'it takes half a minute' : undefined),
    start: async () => {
      let round = 0
      return {
        // The one that is first in a round runs it for both.
        round: async () => ({ rate: 60 / secondsIn(await (runs[round++] ??= run()), line) }),
        [Symbol.asyncDispose]: async () => undefined,
      }
    },
  })
  return [
    contender({ system: ZERA, isOurs: true }, /^\d+ worker threads? +([\d.]+) s/m),
    contender({ system: ALONE }, /^one thread alone +([\d.]+) s/m),
  ]
}

async function run(): Promise<string> {
  return (await promisify(execFile)(process.execPath, [PROGRAM, '--no-chaos'])).stdout
}

/** @throws {Error} When the program has not come to its end, or its totals differ. */
function secondsIn(output: string, line: RegExp): number {
  const seconds = Number(line.exec(output)?.[1])
  if (!(seconds > 0) || !output.includes('The totals equal'))
    throw new Error(`Cannot measure the demonstration: it printed\n${output}`)
  return seconds
}
