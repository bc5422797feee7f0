import { expectNoLeaks } from '@zera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { EFFORTS } from '../effort.js'
import { readOptions } from '../options.js'
import { rowsOf } from '../results/rows.js'
import { runBench } from '../runs/run-bench.js'
import { BENCHES } from './index.js'

// No figure of these runs means anything: they show that each benchmark runs, and that what it measures is delivered.
describe('BENCHES', () => {
  afterAll(() => expectNoLeaks())

  it('have names of their own', () => {
    expect(new Set(BENCHES.map(({ name }) => name)).size).toBe(BENCHES.length)
  })

  it('of payloads go by one name', () => {
    const names = BENCHES.map(({ name }) => name)

    expect(readOptions(['--only', 'payloads'], names)).toMatchObject({
      names: ['payloads-trip', 'payloads-in-flight', 'payloads-one-way', 'payloads-stream'],
    })
    expect(readOptions(['--only', 'payloads-trip'], names)).toMatchObject({ names: ['payloads-trip'] })
  })

  it.each(BENCHES.map(bench => [bench.name, bench] as const))(
    '%s gives every figure for every system',
    { timeout: 60_000 },
    async (_name, bench) => {
      // Of megabytes, 16 in flight at four systems are more than a short test has time for.
      const parts = bench.parts?.filter(({ name }) => !/ M(i?B)?$/.test(name))

      const run = await runBench({ ...bench, ...(parts && { parts }) }, EFFORTS.tiny)

      const rows = rowsOf(run)
      const systems = bench.contenders.filter(({ system }) => !run.absences.has(system))
      const taking = (parts ?? [undefined]).map(
        part => systems.filter(one => !part || !one.parts || one.parts.includes(part.name)).length,
      )
      expect(rows).toHaveLength(bench.figures.length * taking.reduce((sum, count) => sum + count, 0))
      for (const { median, ratio } of rows) expect([median, ratio].every(number => number >= 0)).toBe(true)
    },
  )
})
