import type { Contender } from '../../bench.js'
import type { Effort } from '../../effort.js'
import { comlinkPool } from '../../peers/comlink.js'
import { messagePortPool } from '../../peers/message-port.js'
import type { TaskPool } from '../../peers/peer.js'
import { piscinaPool, tunedPiscinaPool } from '../../peers/pools/piscina.js'
import { poolifierPool } from '../../peers/pools/poolifier.js'
import { tinypoolPool } from '../../peers/pools/tinypool.js'
import { workerpoolPool } from '../../peers/pools/workerpool.js'
import { zeraPool } from '../../peers/zera.js'
import { expectDelivery } from '../../runs/delivery-error.js'
import { rateOf } from '../../runs/rate.js'

/** The figure of all pools. */
export const TASKS_FIGURE = { name: 'rate', unit: 'tasks/s', better: 'more' } as const

/** The libraries of which the best one is the baseline. */
export const POOL_LIBRARIES = ['piscina', 'piscina, tuned', 'tinypool, tuned', 'poolifier', 'workerpool', 'comlink']

const THREADS = 2

/**
 * All pools, with two threads each and so many callers, each of which wants its next task done when it has the result
 * of one.
 *
 * @param before Tasks that are done before the first round, where those of the warm-ups are too few for V8 to have
 *   compiled what a task passes.
 */
export function poolContenders(
  inFlight: number,
  turns: () => number,
  before: (effort: Effort) => number = () => 0,
): Contender[] {
  const contender = (system: string, start: () => Promise<TaskPool>): Contender => ({
    system,
    start: async effort => {
      const pool = await start()
      await runAll(pool, before(effort), inFlight, turns())
      const rate = rateOf(async tasks => expectDelivery(tasks, await runAll(pool, tasks, inFlight, turns())), effort)
      return {
        round: async () => ({ [TASKS_FIGURE.name]: await rate() }),
        [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
      }
    },
  })
  return [
    { ...contender('zera', () => zeraPool(THREADS)), isOurs: true },
    contender('piscina', () => piscinaPool(THREADS)),
    contender('piscina, tuned', () => tunedPiscinaPool(THREADS, inFlight)),
    contender('tinypool, tuned', () => tinypoolPool(THREADS, inFlight)),
    contender('poolifier', () => poolifierPool(THREADS)),
    contender('workerpool', () => workerpoolPool(THREADS)),
    contender('comlink', () => comlinkPool(THREADS)),
    contender('MessagePort', () => messagePortPool(THREADS)),
  ]
}

/** Has so many tasks done by so many callers. */
export async function runAll(
  pool: TaskPool,
  tasks: number,
  inFlight: number,
  turns: number,
): Promise<{ count: number; sum: number }> {
  const tally = { count: 0, sum: 0 }
  let next = 0
  const call = async (): Promise<void> => {
    while (next < tasks) {
      // The addition comes after the await, so that no other caller's is overwritten.
      const result = await pool.run({ number: next++, turns })
      tally.count += 1
      tally.sum += result
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, tasks) }, call))
  return tally
}
