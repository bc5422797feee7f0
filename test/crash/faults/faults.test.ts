import { expect, test } from 'vitest'
import { FAULT_CELLS, faultOf, placeOf } from './faults.js'
import { runFault } from './run-fault.js'

/** Beyond the deadline of any cell, which says more about what hangs. */
const TIMEOUT_MS = 180_000

test.concurrent.each(FAULT_CELLS.map(cell => [faultOf(cell.fault).text, placeOf(cell.place).text, cell] as const))(
  'An actor %s, %s: no other actor notices, and the process goes on',
  async (_fault, _place, cell) => {
    const result = await runFault(cell)

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
