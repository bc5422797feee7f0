import type { Bench } from '../../bench.js'
import { POOL_LIBRARIES, poolContenders, TASKS_FIGURE } from './tasks.js'

/** Tasks that do nothing: what is left is what a pool itself costs. */
export const pool1024 = poolBench(
  1024,
  8,
  'The main thread is the limit: in a profile it works for 92 % of the time, and its workers for 25. Of its time 17 % is the collection of garbage (920 bytes a task, most of them the promise of an ask and what settles it), 13 % waking workers, 4 % native calls, 8 % the ask itself and 6 % putting values into rows; nothing else is above 4 %. Rows, asks without closures and a bundle brought it from 1.7 times the best library to where it is.',
)

/** The same with fewer callers, so that less can travel together. */
export const pool64 = poolBench(
  64,
  4,
  'The fewer tasks travel together, the more time goes into turns and wakes: a turn of either side costs 7 to 9 µs whatever it carries, and waking a sleeping thread 20 and more, with three threads on two cores. Where threads outnumber cores, no thread looks for rings, since that would take time from the threads that work.',
)

function poolBench(inFlight: number, ratio: number, findings: string): Bench {
  return {
    name: `pool-${inFlight}`,
    title: `Tasks that do nothing on two threads, ${inFlight} in flight`,
    figures: [{ ...TASKS_FIGURE, targets: [{ of: 'ratio', limit: ratio }] }],
    baselines: POOL_LIBRARIES,
    contenders: poolContenders(inFlight, () => 0),
    findings,
  }
}
