import { parseArgs } from 'node:util'
import { benchPayloads } from './payloads.js'
import { benchRestarts } from './restarts.js'

const HELP = `Measures Zera side by side with what Node has, in one run. Only the ratios mean anything: machines differ, and one differs from minute to minute.

  npm run bench -- [--quick] [--json]

  --quick  fewer and shorter rounds
  --json   one line of JSON for each row
  --help   this text`

const MIB = 1024 * 1024
const SIZES = [64 * 1024, MIB, 16 * MIB]

/** A wrong call is an exit code of 2. */
async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  if (options.help === true) {
    console.log(HELP)
    return 0
  }
  if (options.json !== true) console.log('binary there and back   Zera µs   postMessage µs   ratio')
  for await (const { way, sizeBytes, zeraMicros, cloneMicros, ratio } of benchPayloads(SIZES, options.quick === true ? { rounds: 5, roundBytes: 16 * MIB } : { rounds: 15, roundBytes: 64 * MIB })) {
    if (options.json === true) console.log(JSON.stringify({ bench: 'payload', system: 'zera', way, sizeBytes, unit: 'µs', median: zeraMicros, baseline: 'MessagePort clone', ratio }))
    else console.log(`${`${sizeBytes / 1024} KiB as ${way}`.padStart(21)}${zeraMicros.toFixed(0).padStart(10)}${cloneMicros.toFixed(0).padStart(17)}${ratio.toFixed(2).padStart(8)}`)
  }
  await showRestarts(options.quick === true ? 5 : 25, options.json === true)
  return 0
}

async function showRestarts(rounds: number, isJson: boolean): Promise<void> {
  const { coldWorkerMs, ...restarts } = await benchRestarts(rounds)
  const names = { actorMs: 'an actor that threw', threadMs: 'one whose thread died', spareMs: 'with a spare thread' }
  if (!isJson) console.log(`\nback again                Zera ms      new Worker ms   ratio`)
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const ratio = restarts[key] / coldWorkerMs
    if (isJson) console.log(JSON.stringify({ bench: 'restart', system: 'zera', way: name, unit: 'ms', median: restarts[key], baseline: 'new Worker until it answers', ratio }))
    else console.log(`${name.padStart(21)}${restarts[key].toFixed(2).padStart(12)}${coldWorkerMs.toFixed(2).padStart(19)}${ratio.toFixed(2).padStart(8)}`)
  }
}

function readOptions(): { quick?: boolean; json?: boolean; help?: boolean } | string {
  try {
    return parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    return `bench: ${(error as Error).message}; see --help`
  }
}

process.exitCode = await main()
