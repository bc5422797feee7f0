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
