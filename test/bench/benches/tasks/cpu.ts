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
      'V8 takes its time: each task runs through more JavaScript than in a bare pool, and compiling that takes 0.9 s of a core instead of 0.3, which the tasks that are measured here pay for. After some thousands, two pools alone in a process, tasks of a millisecond run at 0.90 to 0.97. What is left then is about 150 µs a task on three threads, many times what the same turns take in a loop, where code and data stay in the caches. An answer leaves before the next task begins, which wakes main once for each: to hold it until there are several was tried, and would keep the caller of a long task waiting for the next one.',
    contenders: poolContenders(
      8,
      // It is measured once, so that all do the same.
      () => (turnsInOne ??= turnsInOneMs()) * taskMs,
      // V8 compiles what a task passes in the first ones.
      ({ most }) => most / 500,
    ),
  }
}
