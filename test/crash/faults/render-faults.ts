import { alignColumns } from '../table.js'
import { FAULTS, PLACES } from './faults.js'
import type { FaultResult } from './run-fault.js'

/** Draws the table of faults: a row for each fault, a column for each place. What was not run is blank. */
export function renderFaults(results: readonly FaultResult[]): string {
  const verdict = (fault: string, place: string): string => {
    const result = results.find(candidate => candidate.fault === fault && candidate.place === place)
    return result === undefined ? '' : result.isOk ? 'ok' : 'FAILED'
  }
  return alignColumns([
    ['', ...PLACES.map(({ name }) => name)],
    ...FAULTS.map(({ name }) => [name, ...PLACES.map(place => verdict(name, place.name))]),
  ])
}
