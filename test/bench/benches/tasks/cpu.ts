import type { Bench } from '../../bench.js'
import { turnsInOneMs } from '../../threads/task.js'
import { POOL_LIBRARIES, poolContenders, TASKS_FIGURE } from './tasks.js'

let turns: number | undefined

/** Tasks that keep a processor busy for a millisecond. */
export const cpu: Bench = {
  name: 'cpu',
  title: 'Tasks of one millisecond of work on two threads, 8 in flight, after 5,000 of them',
  figures: [{ ...TASKS_FIGURE, targets: [{ of: 'ratio', limit: 0.95 }] }],
  baselines: POOL_LIBRARIES,
  findings:
    'V8 takes its time: each task runs through more JavaScript than in a bare pool, and compiling that takes 0.9 s of a core instead of 0.3, so that the first 2,000 tasks run at 0.8 of the speed of the best library; from 6,000 on, two pools alone in a process, it is 0.90 to 0.97. What is left is about 150 µs a task on three threads, many times what the same turns take in a loop, where code and data stay in the caches. An answer leaves before the next task begins, which costs a turn for each.',
  // It is measured once, so that all do the same.
  contenders: poolContenders(
    8,
    () => (turns ??= turnsInOneMs()),
    ({ most }) => most / 20,
  ),
}
