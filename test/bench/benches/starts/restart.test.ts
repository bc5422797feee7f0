import { expect, it } from 'vitest'
import { EFFORTS } from '../../effort.js'
import { rowsOf } from '../../results/rows.js'
import { runBench } from '../../runs/run-bench.js'
import { restart } from './restart.js'

it(
  'restart finds that an actor which threw is back in less than a fifth of the time that a bare worker takes to start',
  { timeout: 60_000 },
  async () => {
    const rows = rowsOf(await runBench(restart, { ...EFFORTS.tiny, rounds: 15 }))

    expect(rows.find(({ system }) => system === 'zera, an actor that threw')?.ratio).toBeLessThan(1 / 5)
  },
)
