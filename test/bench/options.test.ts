import { describe, expect, it } from 'vitest'
import { readOptions } from './options.js'

const KNOWN = ['tell', 'ask', 'idle']

describe('readOptions()', () => {
  it('runs everything, in full, unless told otherwise', () => {
    expect(readOptions([], KNOWN)).toEqual({ isQuick: false, isJson: false, isList: false, isHelp: false, names: KNOWN })
  })

  it('takes names as often as they are given, in the order in which they run', () => {
    expect(readOptions(['--quick', '--json', '--only', 'idle', '--only', 'tell'], KNOWN)).toMatchObject({ isQuick: true, isJson: true, names: ['tell', 'idle'] })
  })

  it.each([['--fast'], ['--only'], ['--only', 'sing'], ['tell'], ['--quick=3']])('says what is wrong with %s %s', (...args) => {
    expect(readOptions(args.filter(arg => arg !== undefined), KNOWN)).toBeTypeOf('string')
  })
})
