import type { Bench } from '../bench.js'
import { POOL_LIBRARIES, poolContenders, TASKS_FIGURE } from './tasks.js'

/** Tasks that do nothing: what is left is what a pool itself costs. */
export const pool1024 = poolBench(1024, 10)

/** The same with fewer callers, so that less can travel together. */
export const pool64 = poolBench(64, 5)

function poolBench(inFlight: number, ratio: number): Bench {
  return {
    name: `pool-${inFlight}`,
    title: `Tasks that do nothing on two threads, ${inFlight} in flight`,
    figures: [{ ...TASKS_FIGURE, targets: [{ of: 'ratio', limit: ratio }] }],
    baselines: POOL_LIBRARIES,
    contenders: poolContenders(inFlight, () => 0),
  }
}
