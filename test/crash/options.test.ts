import { describe, expect, test } from 'vitest'
import { OptionsError, parseOptions } from './options.js'
import { CELLS } from './rows/cell.js'
import { ENDINGS } from './rows/endings.js'
import { STATES } from './rows/states.js'

describe('parseOptions()', () => {
  test('runs everything by default, with 200 deaths in full exchange', () => {
    const options = parseOptions([])

    expect(options).toEqual({
      help: false,
      json: false,
      cells: CELLS,
      payloads: true,
      nodes: true,
      faults: true,
      exchangingDeaths: { kill: 200, others: 40 },
    })
  })

  test('--only takes an ending, an ending and a state, the payloads, the nodes, or the faults', () => {
    const cells = ['kill', 'SIGINT,held', 'payloads', 'nodes', 'faults'].map(
      only => parseOptions(['--only', only]).cells.length,
    )

    expect(cells).toEqual([STATES.length, 1, 0, 0, 0])
    expect(
      ['payloads', 'nodes', 'faults', 'kill']
        .map(only => parseOptions(['--only', only]))
        .map(({ payloads, nodes, faults }) => [payloads, nodes, faults]),
    ).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [false, false, false],
    ])
  })

  test('--short has each ending and each state, and nothing else', () => {
    const { cells, payloads, nodes, faults } = parseOptions(['--short'])

    expect(new Set(cells.map(({ state }) => state)).size).toBe(STATES.length)
    expect(new Set(cells.map(({ ending }) => ending)).size).toBe(ENDINGS.length)
    expect([payloads, nodes, faults]).toEqual([false, false, false])
  })

  test.each([
    [['--short', '--only', 'kill']],
    [['--only', 'nothing']],
    [['--only', 'kill,nothing']],
    [['--only', 'kill,idle,more']],
    [['--deaths', '0']],
    [['--deaths', 'x']],
    [['--unknown']],
    [['kill']],
  ])('%j is refused', args => {
    expect(() => parseOptions(args)).toThrow(OptionsError)
  })
})
