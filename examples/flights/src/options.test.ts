import { describe, expect, test } from 'vitest'
import { parseOptions } from './options.js'

const cpuCount = 4

describe('parseOptions()', () => {
  test('runs with a worker for each CPU and with chaos when nothing is given', () => {
    expect(parseOptions([], cpuCount)).toEqual({
      kind: 'run',
      workers: 4,
      isChaotic: true,
      isObserved: false,
      rounds: 2,
    })
  })

  test.each([
    [1, 2],
    [64, 6],
  ])('on %d CPUs runs %d workers', (cpus, workers) => {
    expect(parseOptions([], cpus)).toMatchObject({ workers })
  })

  test.each([
    [['--workers', '3', '--no-chaos'], { kind: 'run', workers: 3, isChaotic: false, isObserved: false, rounds: 2 }],
    [['--workers=64'], { kind: 'run', workers: 64, isChaotic: true, isObserved: false, rounds: 2 }],
    [['--workers', '2', '--workers', '1'], { kind: 'run', workers: 1, isChaotic: true, isObserved: false, rounds: 2 }],
    [['--observe'], { kind: 'run', workers: 4, isChaotic: true, isObserved: true, rounds: 2 }],
    [['--rounds', '1'], { kind: 'run', workers: 4, isChaotic: true, isObserved: false, rounds: 1 }],
    [['--'], { kind: 'run', workers: 4, isChaotic: true, isObserved: false, rounds: 2 }],
  ])('reads %j', (args, options) => {
    expect(parseOptions(args, cpuCount)).toEqual(options)
  })

  test.each(['0', '-1', '1.5', 'abc', '65', '99999999999999999999', '1e1', '0x4', ' 2', '', 'NaN'])(
    'refuses --workers %j',
    value => {
      expect(parseOptions(['--workers', value], cpuCount)).toEqual({
        kind: 'error',
        text: `flights: --workers must be a whole number from 1 to 64, not ${JSON.stringify(value)}; see --help`,
      })
    },
  )

  test.each(['0', '100', '1.5', ''])('refuses --rounds %j', value => {
    expect(parseOptions(['--rounds', value], cpuCount)).toEqual({
      kind: 'error',
      text: `flights: --rounds must be a whole number from 1 to 99, not ${JSON.stringify(value)}; see --help`,
    })
  })

  test.each([
    [['--workers'], 'flights: --workers must be a whole number from 1 to 64, and none was given; see --help'],
    [['--wrokers', '2'], 'flights: unknown option "--wrokers"; see --help'],
    [['-x'], 'flights: unknown option "-x"; see --help'],
    [['--no-chaos=yes'], 'flights: --no-chaos takes no value, not "yes"; see --help'],
    [['--observe=no'], 'flights: --observe takes no value, not "no"; see --help'],
    [['fast'], 'flights: unexpected argument "fast"; see --help'],
    [['--', '--no-chaos'], 'flights: unexpected argument "--no-chaos"; see --help'],
  ])('refuses %j', (args, text) => {
    expect(parseOptions(args, cpuCount)).toEqual({ kind: 'error', text })
  })

  test.each([[['--help']], [['-h']], [['--workers', 'abc', '--help']]])('gives the help for %j', args => {
    const options = parseOptions(args, cpuCount)

    expect(options).toMatchObject({ kind: 'help' })
    for (const name of ['--workers', '--no-chaos', '--observe', '--rounds', '--help'])
      expect(options).toMatchObject({ text: expect.stringContaining(name) })
  })
})
