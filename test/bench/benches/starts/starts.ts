import type { Contender } from '../../bench.js'
import { timeColdWorker } from '../../peers/cold-worker.js'
import type { Starting } from '../../peers/zera-starts.js'
import { median } from '../../results/statistics.js'

/** The one figure of starts. */
export const STARTS_FIGURE = { name: 'time', unit: 'ms', better: 'less' } as const

/** What all starts are compared with: a thread that does nothing yet. */
export const COLD_WORKER: Contender = startsContender({ system: 'Worker with zeromq' }, async () => ({
  time: timeColdWorker,
  [Symbol.asyncDispose]: async () => undefined,
}))

/** Measures the median of the starts that fit into a round. */
export function startsContender(contender: Omit<Contender, 'start'>, start: () => Promise<Starting>): Contender {
  return {
    ...contender,
    start: async ({ roundMs }) => {
      const starting = await start()
      return {
        round: async () => {
          const times: number[] = []
          const until = performance.now() + roundMs
          do times.push(await starting.time())
          while (performance.now() < until)
          return { [STARTS_FIGURE.name]: median(times) }
        },
        [Symbol.asyncDispose]: () => starting[Symbol.asyncDispose](),
      }
    },
  }
}
