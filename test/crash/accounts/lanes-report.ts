import { LANES, type LaneName, type Truth } from '../records/truth.js'
import { tally, type LaneSums } from './account.js'
import type { LanesReport } from './report.js'

/** Adds up what is true of all lanes. */
export function reportLanes(truth: Truth): LanesReport {
  const lanes = LANES.map(name => [name, truth.lane(name)] as const)
  return {
    sums: Object.fromEntries(lanes.map(([name, lane]) => [name, tally(lane.fates())])) as Record<LaneName, LaneSums>,
    misordered: lanes.reduce((total, [, lane]) => total + lane.misordered, 0),
    corrupt: truth.corrupt,
    misread: truth.misread,
  }
}
