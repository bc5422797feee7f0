import { parseArgs } from 'node:util'
import { expectCount } from './expect-count.js'
import { killRounds, type Engine, type KillOptions } from './kills/kill-rounds.js'
import { runCommand } from './run-command.js'

const HELP = `Usage: npm run stress:kills -- [options]

Kills a program with a durable actor by SIGKILL, each time at another moment, and starts it anew: no answered message may be lost, none may count
twice, their order is kept, what it tells another durable actor arrives once, and each reminder comes once.

  --kills <number>    how many (default 10000)
  --engine <name>     sqlite (default), or postgres, of which it starts a server of its own
  --seed <number>     which moments (default: others each time)
  --help              this text`

interface Options extends KillOptions {
  readonly help: boolean
}

async function killAll(options: Options): Promise<number> {
  const { store, answered, last, problems } = await killRounds(options)
  console.log(
    [
      `seed ${options.seed}: ${options.kills} kills on ${store}, ${answered} messages answered, ${last.fired} reminders came`,
      ...problems,
    ].join('\n'),
  )
  return problems.length === 0 ? 0 : 1
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '10000' },
      engine: { type: 'string', default: 'sqlite' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  })
  const { engine, help } = values
  if (engine !== 'sqlite' && engine !== 'postgres')
    throw new TypeError(`--engine ${engine} is neither sqlite nor postgres`)
  return { kills: expectCount('kills', values.kills), engine: engine satisfies Engine, seed: Number(values.seed), help }
}

await runCommand({ name: 'stress:kills', helpText: HELP, read: readOptions, run: killAll })
