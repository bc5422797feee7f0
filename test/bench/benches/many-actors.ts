import { startSystem } from '@zera/actors'
import Worker from '../actors/worker.js'
import type { Bench, Contender } from '../bench.js'
import { expectDelivery } from '../runs/delivery-error.js'

const FEW = 10_000
const SMALLEST = 'zera, 1,000'

/** More and more actors: what each costs shall stay the same. */
export const manyActors: Bench = {
  name: 'many-actors',
  title: 'Actors on two threads: start all, ask each once, stop all; microseconds for each of them',
  figures: ['start', 'ask', 'stop'].map(name => ({
    name,
    unit: 'µs',
    better: 'less',
    targets: [{ of: 'ratio', limit: 1.25 }],
  })),
  baselines: [SMALLEST],
  findings:
    'All are started and stopped at once, so what each needs for that, 13 and 15 KB of promises, is alive until the last one is done: for 1,000 it fits into the part of the heap that is collected cheaply, for more it is copied. It stays linear from 10,000 on.',
  contenders: [
    manyContender(SMALLEST, 1000),
    manyContender('zera, 10,000', 10_000),
    manyContender('zera, 100,000', 100_000),
  ],
}

function manyContender(system: string, count: number): Contender {
  return {
    system,
    isOurs: true,
    absence: ({ most }) => (count > most ? 'so many are made in a full run alone' : undefined),
    start: async ({ most }) => {
      const running = await startSystem({ threads: 2 })
      // A few actors at a time say little, so small numbers are made several times in a round.
      const turns = Math.ceil(Math.min(most, FEW) / count)
      return {
        round: async () => {
          const sums = { start: 0, ask: 0, stop: 0 }
          for (let turn = 0; turn < turns; turn++) {
            const startedAt = performance.now()
            const refs = await Promise.all(Array.from({ length: count }, () => running.spawn(Worker)))
            const askedAt = performance.now()
            const answers = await Promise.all(refs.map((ref, number) => ref.ask({ timeoutMs: Infinity }).echo(number)))
            const stoppedAt = performance.now()
            await Promise.all(refs.map(ref => running.stop(ref)))
            sums.start += askedAt - startedAt
            sums.ask += stoppedAt - askedAt
            sums.stop += performance.now() - stoppedAt
            expectDelivery(count, { count: answers.length, sum: answers.reduce((sum, answer) => sum + answer, 0) })
          }
          const each = 1000 / (turns * count)
          return { start: sums.start * each, ask: sums.ask * each, stop: sums.stop * each }
        },
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  }
}
