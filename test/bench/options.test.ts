import { describe, expect, it } from 'vitest'
import { readOptions } from './options.js'

const KNOWN = ['tell', 'ask', 'idle']

describe('readOptions()', () => {
  it('runs everything, in full, unless told otherwise', () => {
    expect(readOptions([], KNOWN)).toEqual({
      isQuick: false,
      isJson: false,
      isList: false,
      isHelp: false,
      runs: 1,
      names: KNOWN,
    })
  })

  it('takes names as often as they are given, in the order in which they run', () => {
    expect(readOptions(['--quick', '--json', '--only', 'idle', '--only', 'tell'], KNOWN)).toMatchObject({
      isQuick: true,
      isJson: true,
      names: ['tell', 'idle'],
    })
    expect(readOptions(['--runs', '3'], KNOWN)).toMatchObject({ runs: 3, names: KNOWN })
  })

  it('takes what several names begin with for all of them, unless it is a name itself', () => {
    const known = ['tell', 'tell-inside', 'pool-1024', 'pool-64', 'poolside']

    expect(readOptions(['--only', 'pool'], known)).toMatchObject({ names: ['pool-1024', 'pool-64'] })
    expect(readOptions(['--only', 'tell'], known)).toMatchObject({ names: ['tell'] })
    expect(readOptions(['--only', 'po'], known)).toBeTypeOf('string')
  })

  it.each([['--fast'], ['--only'], ['--only', 'sing'], ['tell'], ['--quick=3'], ['--runs', '0'], ['--runs', 'many']])(
    'says what is wrong with %s %s',
    (...args) => {
      expect(
        readOptions(
          args.filter(arg => arg !== undefined),
          KNOWN,
        ),
      ).toBeTypeOf('string')
    },
  )
})
