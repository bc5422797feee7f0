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
    findings:
      'V8 takes its time: each task runs through more JavaScript than in a bare pool, 217 functions that are compiled in 0.8 s of a core instead of 38 in 0.2 (`--trace-opt`), which the tasks that are measured here pay for. After 20,000 tasks, one pool in a process, tasks of a millisecond run at 0.91 of the best pool and those of ten at 0.98; what is left is 50 µs a task in a worker and 40 in main (`/proc/self/task/*/schedstat`). Until the default route was that of the least busy worker, one worker was idle for 2 to 4 % of the time while tasks waited for the other. An answer leaves before the next task begins, which wakes main once for each: to hold it until there are several was tried, and would keep the caller of a long task waiting for the next one.',
    contenders: poolContenders(
      8,
      // It is measured once, so that all do the same.
      () => (turnsInOne ??= turnsInOneMs()) * taskMs,
      // V8 compiles what a task passes in the first ones.
      ({ most }) => most / 500,
    ),
  }
}
