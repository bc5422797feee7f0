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
    'With a spare thread that has rehearsed it takes 4 ms until the death is known, 1 to 2 until another thread is there, 3 until the actor runs, and 1 for its first answer; without a rehearsal the last two took 11 to 17. What is left is the end of the dead thread, of which Node tells, and the link of the new one.',
  contenders: [
    startsContender({ system: 'zera, an actor that threw', isOurs: true }, thrownActors),
    startsContender({ system: 'zera, thread died, spare thread', isOurs: true }, () => killedThreads(1)),
    startsContender({ system: 'zera, process died, spare process', isOurs: true }, () => killedProcesses(1)),
    COLD_WORKER,
  ],
}
