import { expect, test } from 'vitest'
import { describePayloadCell, payloadCells } from './rows/payload-cell.js'
import { runPayloadCell } from './runs/run-payload-cell.js'

/** `npm run crash` holds 2,000 of each, also of the largest, which are two gigabytes. */
const COUNTS = { count: 1000, largest: 50 }
const TIMEOUT_MS = 360_000

test.concurrent.each(
  payloadCells(COUNTS.count, COUNTS.largest).map(cell => ({ name: describePayloadCell(cell), cell })),
)(
  '$name, are intact byte by byte',
  async ({ cell }) => {
    const result = await runPayloadCell(cell)

    expect(result.problems).toEqual([])
    expect(result.report).toEqual({ held: cell.count, corrupt: 0, openThreads: 0 })
  },
  TIMEOUT_MS,
)
