import type { Bench } from '../bench.js'
import { turnsInOneMs } from '../threads/task.js'
import { POOL_LIBRARIES, poolContenders, TASKS_FIGURE } from './tasks.js'

let turns: number | undefined

/** Tasks that keep a processor busy for a millisecond. */
export const cpu: Bench = {
  name: 'cpu',
  title: 'Tasks of one millisecond of work on two threads, 8 in flight, after 5,000 of them',
  figures: [{ ...TASKS_FIGURE, targets: [{ of: 'ratio', limit: 0.95 }] }],
  baselines: POOL_LIBRARIES,
  // It is measured once, so that all do the same.
  contenders: poolContenders(8, () => (turns ??= turnsInOneMs()), ({ most }) => most / 20),
}
