import type { Bench } from '../bench.js'
import { killedThreads, thrownActors } from '../peers/zera-starts.js'
import { COLD_WORKER, STARTS_FIGURE, startsContender } from './starts.js'

/** Actors that are back on a thread which runs already. */
export const restart: Bench = {
  name: 'restart',
  title: 'An actor on a warm thread until it answers again, against the first message of a bare Worker that has loaded zeromq',
  figures: [{ ...STARTS_FIGURE, targets: [{ of: 'ratio', limit: 0.1 }] }],
  baselines: [COLD_WORKER.system],
  contenders: [
    startsContender({ system: 'zera, an actor that threw', isOurs: true }, thrownActors),
    startsContender({ system: 'zera, thread died, spare thread', isOurs: true }, () => killedThreads(1)),
    COLD_WORKER,
  ],
}
