import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender, Figure } from '../../bench.js'
import type { Effort } from '../../effort.js'
import type { Asking } from '../../peers/peer.js'
import { percentile } from '../../results/statistics.js'
import { DeliveryError } from '../../runs/delivery-error.js'

/** What is measured of single questions, in microseconds. */
export function roundTripFigures(targets: { readonly p50: number; readonly p99?: number }): Figure[] {
  const { p50, p99 } = targets
  return [
    { name: 'p50', unit: 'µs', better: 'less', targets: [{ of: 'ratio', limit: p50 }] },
    { name: 'p99', unit: 'µs', better: 'less', targets: p99 === undefined ? [] : [{ of: 'ratio', limit: p99 }] },
  ]
}

/** Measures how long each question takes to its answer, when the next one is asked `pauseMs` after it. */
export function roundTripContender(
  contender: Omit<Contender, 'start'>,
  start: () => Promise<Asking>,
  pauseMs: number,
): Contender {
  return {
    ...contender,
    start: async effort => {
      const asking = await start()
      return {
        round: async () => {
          const micros = await askFor(asking, effort, pauseMs)
          return { p50: percentile(micros, 50), p99: percentile(micros, 99) }
        },
        [Symbol.asyncDispose]: () => asking[Symbol.asyncDispose](),
      }
    },
  }
}

async function askFor(asking: Asking, { roundMs }: Effort, pauseMs: number): Promise<number[]> {
  const micros: number[] = []
  const until = performance.now() + roundMs
  for (let number = 0; number === 0 || performance.now() < until; number++) {
    if (pauseMs > 0) await sleep(pauseMs)
    const askedAt = performance.now()
    const answer = await asking.echo(number)
    micros.push((performance.now() - askedAt) * 1000)
    if (answer !== number) throw new DeliveryError({ count: 1, sum: number }, { count: 1, sum: answer })
  }
  return micros
}
