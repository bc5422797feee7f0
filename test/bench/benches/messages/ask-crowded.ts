import { availableParallelism } from 'node:os'
import type { Bench, Place } from '../../bench.js'
import { messagePortAsking } from '../../peers/message-port.js'
import { zeraAsking } from '../../peers/zera.js'
import { roundTripContender, roundTripFigures } from './round-trip.js'

/** The threads that users have: one for each core, beside the main thread. */
export const askHosts = crowdedAsk('ask-hosts', 'Questions to one of as many threads as cores, back to back')

/** The three threads of a machine with two cores, which have to share one. */
export const askOneCore = crowdedAsk('ask-one-core', 'The same of two threads, and all of them on one core', {
  isOneCore: true,
})

/** A machine that has other things to do. */
export const askBusy = crowdedAsk('ask-busy', 'The same beside four processes that never sleep', { busyProcesses: 4 })

function crowdedAsk(name: string, title: string, place: Place = {}): Bench {
  const threads = place.isOneCore === true ? 2 : availableParallelism()
  const absence = (): string | undefined =>
    place.isOneCore === true && availableParallelism() > 1 ? 'its process has more than one core' : undefined
  return {
    name,
    title,
    place,
    figures: roundTripFigures({ p50: 2, p99: 1.5 }),
    baselines: ['MessagePort'],
    contenders: [
      roundTripContender({ system: 'zera', isOurs: true, absence }, () => zeraAsking(threads), 0),
      roundTripContender({ system: 'MessagePort', absence }, () => messagePortAsking(threads), 0),
    ],
  }
}
