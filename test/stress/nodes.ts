import { parseArgs } from 'node:util'
import { expectCount } from './expect-count.js'
import { runCommand } from './run-command.js'
import { judgeNodeStorm } from './storm/judge-node-storm.js'
import { weatherNodeStorm, type NodeStormOptions, type NodeStormReport } from './storm/node-storm.js'

const HELP = `Usage: npm run stress:nodes -- [options]

Kills two nodes and their threads at random while others send to actors there and receive from them as fast as they can, then accounts for every
message: each was handled or given back, or is counted as lost or unknown, none was handled twice, and no process is left.

  --seconds <number>  how long (default 60)
  --every <number>    milliseconds from one death to the next (default 300)
  --processes         two actors with a process each to themselves, instead of the nodes
  --json              the report as one line of JSON
  --help              this text`

interface Options extends NodeStormOptions {
  readonly json: boolean
  readonly help: boolean
}

async function weather(options: Options): Promise<number> {
  const report = await weatherNodeStorm(options)
  const problems = judgeNodeStorm(report)
  console.log(options.json ? JSON.stringify({ ...report, problems }) : [describe(report), ...problems].join('\n'))
  return problems.length === 0 ? 0 : 1
}

function describe({ killedNodes, killedThreads, receipt, account }: NodeStormReport): string {
  const lanes = Object.entries({ ...account.sent, ...account.sentOn }).map(
    ([lane, { tried, handled, givenBack, begun, answerLost, missing, unknown }]) =>
      `${lane}: ${tried} messages, ${handled} handled, ${givenBack} given back and ${begun} more as begun, ${answerLost} answers lost, ${missing} missing, ${unknown} unknown`,
  )
  return [
    `${killedNodes} processes and ${killedThreads} of their threads were killed, ${receipt.restarts} actors were restarted`,
    ...lanes,
    `${account.lost} messages were reported as lost`,
  ].join('\n')
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      every: { type: 'string', default: '300' },
      processes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { json, help } = values
  return {
    seconds: expectCount('seconds', values.seconds),
    everyMs: expectCount('every', values.every),
    hasProcesses: values.processes,
    json,
    help,
  }
}

await runCommand({ name: 'stress:nodes', helpText: HELP, read: readOptions, run: weather })
