import type { Bench } from '../../bench.js'
import { killedProcesses, killedThreads, thrownActors } from '../../peers/zera-starts.js'
import { COLD_WORKER, STARTS_FIGURE, startsContender } from './starts.js'

/** Actors that are back on a thread which runs already. */
export const restart: Bench = {
  name: 'restart',
  title:
    'An actor on a warm thread until it answers again, against the first message of a bare Worker that has loaded zeromq',
  figures: [{ ...STARTS_FIGURE, targets: [{ of: 'ratio', limit: 0.1 }] }],
  baselines: [COLD_WORKER.system],
  findings:
    'With a spare thread it takes 3 ms until the death is known, 11 until the actor runs, and 3 for its first answer: the thread has imported everything, but whatever it does then it does for the first time. A rehearsal, in which a spare thread hosts an actor of its own before it is needed, was thought of and not built.',
  contenders: [
    startsContender({ system: 'zera, an actor that threw', isOurs: true }, thrownActors),
    startsContender({ system: 'zera, thread died, spare thread', isOurs: true }, () => killedThreads(1)),
    startsContender({ system: 'zera, process died, spare process', isOurs: true }, () => killedProcesses(1)),
    COLD_WORKER,
  ],
}
