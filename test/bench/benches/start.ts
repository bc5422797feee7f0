import type { Bench } from '../bench.js'
import { killedThreads, newHosts } from '../peers/zera-starts.js'
import { COLD_WORKER, STARTS_FIGURE, startsContender } from './starts.js'

/** Threads that are started from nothing. */
export const start: Bench = {
  name: 'start',
  title: 'A new thread until it is ready, against the first message of a bare Worker that has loaded zeromq',
  figures: [{ ...STARTS_FIGURE, targets: [{ of: 'ratio', limit: 1.25 }] }],
  baselines: [COLD_WORKER.system],
  contenders: [
    startsContender({ system: 'zera, a host for an actor', isOurs: true }, newHosts),
    startsContender({ system: 'zera, an actor whose thread died', isOurs: true }, () => killedThreads(0)),
    COLD_WORKER,
  ],
}
