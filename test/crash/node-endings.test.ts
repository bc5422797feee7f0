import { expect, test } from 'vitest'
import { NODE_ENDINGS } from './rows/node-endings.js'
import { runNodeRow } from './runs/run-node-row.js'

/** Beyond the deadline of any row, which says more about what hangs. */
const TIMEOUT_MS = 150_000

test.concurrent.each(NODE_ENDINGS.map(ending => [ending.text, ending] as const))(
  '%s: nothing is handled twice, every message is accounted for, and no process of a node is left',
  async (_text, ending) => {
    const result = await runNodeRow(ending)

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
