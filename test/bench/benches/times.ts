import type { SystemOptions } from '@zera/actors'
import type { Bench, Contender } from '../bench.js'
import { zeraOneWay, zeraPool } from '../peers/zera.js'
import { rateOf } from '../runs/rate.js'
import { runAll } from './tasks/tasks.js'

const WITHOUT = 'zera, nothing measured'
const CALLERS = 1024

const UNSEEN = 'zera, no observer'

/** What it costs that somebody looks at a system all the time. */
export const observer: Bench = {
  name: 'observer',
  title: 'The smallest messages in systems that an observer shows on an open page, and in systems that none does',
  figures: figuresFor(0.95),
  baselines: [UNSEEN],
  contenders: [
    contender({ system: 'zera, a page open', isOurs: true }, { observer: true }),
    contender({ system: UNSEEN }, {}),
  ],
}

/** What it costs to measure how long messages wait and are handled, which systems do unless they are told not to. */
export const times: Bench = {
  name: 'times',
  title: 'The smallest messages in systems that measure how long messages take, and in systems that do not',
  figures: figuresFor(0.97),
  baselines: [WITHOUT],
  findings:
    'A message inside one thread takes 160 to 300 ns, and to count it, to compare its method with the one before, and to look whether it is measured takes 8 to 15 of them. Half of that is the few branches in the way of each message: with counting and sampling cut out, 2 to 3 % stay. Counts are kept in the actor and written down when no message waits, which took a third off.',
  contenders: [contender({ system: 'zera', isOurs: true }, {}), contender({ system: WITHOUT }, { times: false })],
}

function figuresFor(limit: number): Bench['figures'] {
  return [
    { name: 'tell', unit: 'msg/s', better: 'more', targets: [{ of: 'ratio', limit }] },
    { name: 'tell inside', unit: 'msg/s', better: 'more', targets: [{ of: 'ratio', limit }] },
    { name: 'pool', unit: 'tasks/s', better: 'more', targets: [{ of: 'ratio', limit }] },
  ]
}

function contender(about: Pick<Contender, 'system' | 'isOurs'>, options: SystemOptions): Contender {
  return {
    ...about,
    start: async effort => {
      const [there, inside] = [await zeraOneWay('shared', options), await zeraOneWay('main', options)]
      const pool = await zeraPool(2, options)
      const rates = {
        tell: rateOf(async messages => void (await there.send(messages)), effort),
        'tell inside': rateOf(async messages => void (await inside.send(messages)), effort),
        pool: rateOf(async tasks => void (await runAll(pool, tasks, CALLERS, 0)), effort),
      }
      return {
        round: async () => {
          const figures: Record<string, number> = {}
          for (const [name, rate] of Object.entries(rates)) figures[name] = await rate()
          return figures
        },
        [Symbol.asyncDispose]: async () => {
          for (const one of [there, inside, pool]) await one[Symbol.asyncDispose]()
        },
      }
    },
  }
}
