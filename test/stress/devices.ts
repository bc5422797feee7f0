import { parseArgs } from 'node:util'
import { brokerChaos, judgeChaos } from './broker/broker-chaos.js'
import { runCommand } from './run-command.js'

const HELP = `Kills a worker or a client of a broker again and again, threads and processes, while others ask. Each request has to get its reply or its error, and the
broker's counters have to add up.

  npm run stress:devices -- [--seconds N] [--kill-every MS]

  --seconds N      how long (default 60)
  --kill-every MS  milliseconds between two kills (default 50)
  --help           this text`

interface Options {
  readonly help: boolean
  readonly forMs: number
  readonly killEveryMs: number
}

async function rage(options: Options): Promise<number> {
  const report = await brokerChaos(options)
  const { killed, survivors, broker } = report
  const kills = killed.worker + killed.client
  // A busy machine starts no new ones so fast.
  console.log(
    `killed: ${killed.worker} workers and ${killed.client} clients, ${killed.threads} of them threads, ${killed.processes} processes; one every ${Math.round(options.forMs / kills)} ms`,
  )
  console.log(
    `the survivors: ${survivors.reply} replies, ${survivors.error} errors, ${survivors.wrong} wrong replies, ${survivors.silence} never answered`,
  )
  console.log(
    `broker: ${broker.requests} requests = ${broker.replies} replies + ${broker.errors} errors; ${broker.retries} given to another worker, ${broker.undeliverable} answers for clients that had gone`,
  )
  const faults = judgeChaos(report)
  console.log(faults.length === 0 ? 'nothing was lost in silence' : faults.join('\n'))
  return faults.length === 0 ? 0 : 1
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      'kill-every': { type: 'string', default: '50' },
    },
  })
  const [seconds, killEveryMs] = [Number(values.seconds), Number(values['kill-every'])]
  if (!(seconds > 0) || !(killEveryMs > 0))
    throw new RangeError('--seconds and --kill-every must be numbers of more than 0')
  return { help: values.help, forMs: seconds * 1000, killEveryMs }
}

await runCommand({ name: 'stress:devices', helpText: HELP, read: readOptions, run: rage })
