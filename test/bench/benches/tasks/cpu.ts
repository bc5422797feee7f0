import type { Bench } from '../../bench.js'
import { turnsInOneMs } from '../../threads/task.js'
import { POOL_LIBRARIES, poolContenders, TASKS_FIGURE } from './tasks.js'

let turnsInOne: number | undefined

/** Tasks that keep a processor busy for a millisecond. */
export const cpu = cpuBench('cpu', 'one millisecond', 1)

/** The same with fewer and longer tasks. */
export const cpu10 = cpuBench('cpu-10', 'ten milliseconds', 10)

function cpuBench(name: string, duration: string, taskMs: number): Bench {
  return {
    name,
    title: `Tasks of ${duration} of work on two threads, 8 in flight, from the third hundred on`,
    figures: [{ ...TASKS_FIGURE, targets: [{ of: 'ratio', limit: 0.98 }] }],
    baselines: POOL_LIBRARIES,
    contenders: poolContenders(
      8,
      // It is measured once, so that all do the same.
      () => (turnsInOne ??= turnsInOneMs()) * taskMs,
      // V8 compiles what a task passes in the first ones.
      ({ most }) => most / 500,
    ),
  }
}
