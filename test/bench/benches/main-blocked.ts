import { startSystem } from '@zera/actors'
import Rally from '../actors/rally.js'
import type { Bench, Contender } from '../bench.js'
import { DeliveryError } from '../runs/delivery-error.js'

const FREE = 'zera, main free'
/** Time in which the question reaches the host before the main thread is blocked. */
const AHEAD_MS = 5

/** Hosts that talk to each other, whatever the main thread does. */
export const mainBlocked: Bench = {
  name: 'main-blocked',
  title: 'Questions between two hosts while the main thread is blocked',
  figures: [{ name: 'rate', unit: 'asks/s', better: 'more', targets: [{ of: 'ratio', limit: 0.95 }] }],
  baselines: [FREE],
  contenders: [rallyContender('zera, main blocked', true), rallyContender(FREE, false)],
}

function rallyContender(system: string, isBlocked: boolean): Contender {
  return {
    system,
    isOurs: true,
    start: async ({ roundMs }) => {
      const running = await startSystem({ threads: 2 })
      const [asking, answering] = [await running.spawn(Rally), await running.spawn(Rally)]
      // Introduces the hosts to each other, for which they need the main thread.
      await asking.ask.rally(answering, 1)
      return {
        round: async () => {
          const rally = asking.ask({ timeoutMs: Infinity }).rally(answering, roundMs)
          await new Promise(resolve => setTimeout(resolve, AHEAD_MS))
          if (isBlocked)
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, roundMs - 2 * AHEAD_MS))
          const received = await rally
          if (received.sum !== 0) throw new DeliveryError({ count: received.count, sum: 0 }, received)
          return { rate: (received.count / roundMs) * 1000 }
        },
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  }
}
