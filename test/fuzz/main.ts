import { parseArgs } from 'node:util'
import { expectCount } from '../stress/expect-count.js'
import { runCommand } from '../stress/run-command.js'
import type { FuzzReport, FuzzTarget } from './fuzz-target.js'
import { TARGETS } from './targets.js'

const HELP = `Usage: npm run fuzz -- TARGET… [options]

Sends malformed frames to what listens, and sees that what sent them is ended, counted and logged, and nothing else is. Targets:

${TARGETS.map(({ name, what }) => `  ${name.padEnd(18)}${what}`).join('\n')}

  --frames <number>   how many, in each set-up of a target (default 100000)
  --seed <number>     the same frames as another run with this seed
  --help              this text`

interface Options {
  readonly targets: readonly FuzzTarget[]
  readonly frames: number
  readonly seed: number
  readonly help: boolean
}

async function fuzz({ targets, ...options }: Options): Promise<number> {
  console.log(`seed ${options.seed}`)
  let found = 0
  for (const target of targets) {
    for await (const report of target.fuzz(options)) {
      console.log(describe(report))
      found += report.problems.length
    }
  }
  return found === 0 ? 0 : 1
}

function describe({ title, frames, counts, problems }: FuzzReport): string {
  const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  return [`${title}: ${[`${frames} frames`, ...counted].join(', ')}`, ...problems.map(problem => `  ${problem}`)].join(
    '\n',
  )
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      frames: { type: 'string', default: '100000' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const targets = positionals.map(name => {
    const target = TARGETS.find(one => one.name === name)
    if (target === undefined)
      throw new RangeError(`there is no target ${name}, but ${TARGETS.map(one => one.name).join(', ')}`)
    return target
  })
  if (targets.length === 0 && !values.help) throw new RangeError('name what to fuzz')
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : expectCount('seed', values.seed)
  return { targets, frames: expectCount('frames', values.frames), seed, help: values.help }
}

await runCommand({ name: 'fuzz', helpText: HELP, read: readOptions, run: fuzz })
