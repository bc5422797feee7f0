import { availableParallelism } from 'node:os'
import type { Bench, Place } from '../../bench.js'
import { messagePortAsking } from '../../peers/message-port.js'
import { zeraAsking } from '../../peers/zera.js'
import { roundTripContender, roundTripFigures } from './round-trip.js'

const FINDINGS =
  'Where threads outnumber cores, a question is two turns and two wakes, as it is for a MessagePort, and the rest is processor time. In a profile of all on one core (`perf`, 12 s) the switch between threads takes 13 %, `malloc` and `free` 3, `epoll` 1, and nothing else more than 1: what is left is spread over some two hundred functions of JavaScript and of V8, for the row, the ledger, the mailbox, the promise and the frame. It is slower at first, and so is what follows long pauses: one at a time on one core 3,600 questions were answered in the first second, 6,800 in the second and 10,000 to 12,000 from the third on, when V8 had compiled them, while a MessagePort, which is C++, answered 30,000 in each.'

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
    findings: FINDINGS,
    contenders: [
      roundTripContender({ system: 'zera', isOurs: true, absence }, () => zeraAsking(threads), 0),
      roundTripContender({ system: 'MessagePort', absence }, () => messagePortAsking(threads), 0),
    ],
  }
}
