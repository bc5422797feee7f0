import type { Contender } from '../../bench.js'
import type { OneWay } from '../../peers/peer.js'
import { expectDelivery } from '../../runs/delivery-error.js'
import { rateOf } from '../../runs/rate.js'

/** The one figure of benchmarks that send one way. */
export const ONE_WAY_FIGURE = { name: 'rate', unit: 'msg/s', better: 'more' } as const

/** Measures how many messages a second a system delivers one way. */
export function oneWayContender(contender: Omit<Contender, 'start'>, start: () => Promise<OneWay>): Contender {
  return {
    ...contender,
    start: async effort => {
      const oneWay = await start()
      const rate = rateOf(async messages => expectDelivery(messages, await oneWay.send(messages)), effort)
      return {
        round: async () => ({ [ONE_WAY_FIGURE.name]: await rate() }),
        [Symbol.asyncDispose]: () => oneWay[Symbol.asyncDispose](),
      }
    },
  }
}
