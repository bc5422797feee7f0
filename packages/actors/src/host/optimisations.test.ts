import { describe, expect, test } from 'vitest'
import { runProgram } from '../fixtures/run-program.js'

describe('ZERA_WITHOUT', () => {
  test.each([
    ['', { rows: true, batches: true, blocks: true, spin: true, lazy: true, ipc: true, rehearsal: true, memory: true }],
    [
      'rows,blocks,spin,lazy',
      { rows: false, batches: true, blocks: false, spin: false, lazy: false, ipc: true, rehearsal: true, memory: true },
    ],
  ])('%j changes nothing but the speed', async (without, expected) => {
    const { code, stdout } = await runProgram('programs/main-sums', [], [], { ZERA_WITHOUT: without })

    expect([code, JSON.parse(stdout)]).toEqual([0, { optimisations: expected, sums: [1000, 1000] }])
  })

  // Its allocator is glibc's.
  test.runIf(process.platform === 'linux')(
    'memory: a thread does not take fresh pages for each large message',
    async () => {
      const faultsWithout = async (without: string): Promise<number> => {
        const { code, stdout } = await runProgram('programs/main-sends-large-bytes', [], [], { ZERA_WITHOUT: without })
        const { mebibytes, faults } = JSON.parse(stdout) as { mebibytes: number; faults: number }
        expect([code, mebibytes]).toEqual([0, 600])
        return faults
      }

      expect(await faultsWithout('')).toBeLessThan((await faultsWithout('memory')) / 3)
    },
  )

  test('ends a program with a clear text when it names what is no optimisation', async () => {
    const { code, stderr } = await runProgram('programs/main-sums', [], [], { ZERA_WITHOUT: 'turbo' })

    expect([
      code,
      stderr.includes('RangeError'),
      stderr.includes('rows, batches, blocks, spin, lazy, ipc, rehearsal, memory'),
    ]).toEqual([1, true, true])
  })
})
