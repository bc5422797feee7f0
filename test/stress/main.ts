import { parseArgs } from 'node:util'
import { expectCount } from './expect-count.js'
import { runCommand } from './run-command.js'
import { judgeStorm } from './storm/judge-storm.js'
import { lossesOf } from './storm/storm-losses.js'
import { chooseRounds, runRound } from './storm/storm-rounds.js'
import { weatherStorm, type StormOptions, type StormReport } from './storm/storm.js'

const HELP = `Usage: npm run stress -- [options]

Kills a random thread again and again while actors on all threads tell and ask each other as fast as they can, then accounts for every message:
actors with redeliver lose none, each sender's messages stay in order, each ask is answered or rejected, and the receipt is clean.

  --seconds <number>  how long (default 60)
  --every <number>    milliseconds from one kill to the next (default 50)
  --threads <number>  threads that die (default 3)
  --rounds <number>   so many short storms instead of one: 2 to 8 threads, a kill every 5 to 100 ms, a second or two, each in a process of its own
  --seed <number>     which rounds (default: another one each time)
  --observer          with an observer, and a page that is open
  --json              the report as one line of JSON
  --help              this text`

const MAX_SEED = 1_000_000

interface Options extends StormOptions {
  /** Undefined for one storm. */
  readonly rounds: number | undefined
  readonly seed: number
  readonly json: boolean
  readonly help: boolean
}

async function weatherRounds(count: number, { seed, json }: Options): Promise<number> {
  const failed: number[] = []
  let died = 0
  for (const round of chooseRounds(count, seed)) {
    const { line, problems, downs } = await runRound(round)
    died += downs
    if (problems.length > 0) failed.push(round.number)
    console.log(
      json
        ? JSON.stringify({ ...round, downs, problems })
        : [line, ...problems.map(problem => `      ${problem}`)].join('\n'),
    )
  }
  const verdict =
    failed.length === 0
      ? `all ${count} rounds are right`
      : `${failed.length} of ${count} rounds are wrong: ${failed.join(', ')}`
  console.log(
    json
      ? JSON.stringify({ seed, rounds: count, downs: died, failed })
      : `${verdict}; ${died} threads died; --rounds ${count} --seed ${seed} has them again`,
  )
  return failed.length === 0 ? 0 : 1
}

async function weather(options: Options): Promise<number> {
  if (options.rounds !== undefined) return weatherRounds(options.rounds, options)
  const report = await weatherStorm({
    ...options,
    onSecond: ({ second, downs, handled, answered }) => {
      if (!options.json)
        console.log(
          `${`${second} s`.padStart(6)}  ${downs} threads died  ${handled} messages handled  ${answered} questions answered`,
        )
    },
  })
  const problems = judgeStorm(report)
  console.log(options.json ? JSON.stringify({ ...report, problems }) : [describe(report), ...problems].join('\n'))
  return problems.length === 0 ? 0 : 1
}

function describe(report: StormReport): string {
  const { downs, living, questions, lost, receipt } = report
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
  const [sent, handled, again] = [
    total(living.map(each => each.sent)),
    total(living.map(each => each.handled)),
    total(living.map(each => each.handledAgain)),
  ]
  const { tells, answers } = lossesOf(report)
  const [asked, answered, down] = [
    total(questions.map(each => each.asked)),
    total(questions.map(each => each.answered)),
    total(questions.map(each => each.down)),
  ]
  return `
${downs} threads died, ${receipt.restarts} actors were restarted
${sent} messages of senders that lived, ${handled} handled, ${again} of them again after a death in the middle
${tells} messages died with their senders, ${answers} answers with the threads that gave them, ${lost} messages of all kinds were reported as lost
${asked} questions, ${answered} answered, ${down} rejected because the thread went down`
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      every: { type: 'string', default: '50' },
      threads: { type: 'string', default: '3' },
      rounds: { type: 'string' },
      seed: { type: 'string' },
      observer: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { json, help, observer, rounds, seed = `${1 + Math.floor(Math.random() * MAX_SEED)}` } = values
  return {
    rounds: rounds === undefined ? undefined : expectCount('rounds', rounds),
    seed: expectCount('seed', seed),
    seconds: expectCount('seconds', values.seconds),
    everyMs: expectCount('every', values.every),
    threads: expectCount('threads', values.threads),
    isObserved: observer,
    json,
    help,
  }
}

await runCommand({ name: 'stress', helpText: HELP, read: readOptions, run: weather })
