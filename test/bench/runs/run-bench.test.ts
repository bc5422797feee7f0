import { describe, expect, it } from 'vitest'
import type { Bench, Contender } from '../bench.js'
import { rotate, runBench } from './run-bench.js'

const EFFORT = { rounds: 3, warmUps: 1, warmUpMs: 0, roundMs: 1, idleMs: 1, contenderMs: Infinity, most: 1 }

function recording(system: string, log: string[]): Contender {
  return {
    system,
    start: async () => {
      log.push(`start ${system}`)
      return {
        round: async () => {
          log.push(system)
          return { rate: log.length }
        },
        [Symbol.asyncDispose]: async () => void log.push(`end ${system}`),
      }
    },
  }
}

function benchOf(contenders: readonly Contender[]): Bench {
  return {
    name: 'some',
    title: 'Something',
    figures: [{ name: 'rate', unit: '1/s', better: 'more' }],
    baselines: ['a'],
    contenders,
  }
}

describe('runBench()', () => {
  it('starts each once, and lets them run in turn, another one first each time', async () => {
    const log: string[] = []

    const run = await runBench(benchOf([recording('a', log), recording('b', log)]), EFFORT)

    expect(log.join(' ')).toBe('start a start b a b a b b a a b end b end a')
    expect(run.rounds.get(undefined)?.get('a')).toEqual([{ rate: 5 }, { rate: 8 }, { rate: 9 }])
  })

  it('leaves out contenders that cannot run here, and says why', async () => {
    const run = await runBench(
      benchOf([recording('a', []), { ...recording('b', []), absence: () => 'it is not installed' }]),
      EFFORT,
    )

    expect([...(run.rounds.get(undefined)?.keys() ?? [])]).toEqual(['a'])
    expect([...run.absences]).toEqual([['b', 'it is not installed']])
  })

  it('warms each up for as long as it should, and in as many rounds', async () => {
    const log: string[] = []

    await runBench(benchOf([recording('a', log)]), { ...EFFORT, rounds: 1, warmUps: 3, warmUpMs: 0 })
    expect(log).toHaveLength(2 + 3 + 1)
    log.length = 0
    await runBench(benchOf([recording('a', log)]), { ...EFFORT, rounds: 1, warmUps: 0, warmUpMs: 5 })
    expect(log.length).toBeGreaterThan(10)
  })

  it('lets one that is too slow take part in one round that counts, and no more', async () => {
    const log: string[] = []

    const run = await runBench(benchOf([recording('a', log)]), { ...EFFORT, contenderMs: -1 })

    expect(run.rounds.get(undefined)?.get('a')).toHaveLength(1)
    expect(log).toEqual(['start a', 'a', 'end a'])
  })

  it('measures part by part, all that take part side by side', async () => {
    const log: string[] = []
    const parting = (system: string, parts?: string[]): Contender => ({
      system,
      ...(parts && { parts }),
      start: async () => ({
        round: async part => ({ rate: log.push(`${system} ${part}`) }),
        [Symbol.asyncDispose]: async () => undefined,
      }),
    })
    const parts = [{ name: 'text' }, { name: 'bytes' }]

    const run = await runBench(
      { ...benchOf([parting('a'), parting('b', ['bytes'])]), parts },
      { ...EFFORT, rounds: 2, warmUps: 0 },
    )

    expect(log).toEqual(['a text', 'a text', 'a bytes', 'b bytes', 'b bytes', 'a bytes'])
    expect([...run.rounds].map(([part, rounds]) => [part, [...rounds]])).toEqual([
      ['text', [['a', [{ rate: 1 }, { rate: 2 }]]]],
      [
        'bytes',
        [
          ['a', [{ rate: 3 }, { rate: 6 }]],
          ['b', [{ rate: 4 }, { rate: 5 }]],
        ],
      ],
    ])
  })

  it('ends those that it has started when one fails', async () => {
    const log: string[] = []
    const failing: Contender = { system: 'b', start: () => Promise.reject(new RangeError('no')) }

    await expect(runBench(benchOf([recording('a', log), failing]), EFFORT)).rejects.toThrow(RangeError)

    expect(log).toEqual(['start a', 'end a'])
  })
})

it('rotate() begins elsewhere and leaves nothing out', () => {
  expect(rotate([1, 2, 3], 4)).toEqual([2, 3, 1])
  expect(rotate([], 2)).toEqual([])
})
