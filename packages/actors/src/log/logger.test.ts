import { describe, expect, test } from 'vitest'
import { ManualClock } from '../testing/manual-clock.js'
import { Loggers, type LogLevel, type LogLine } from './logger.js'

function open(level?: LogLevel) {
  const clock = new ManualClock()
  const lines: LogLine[] = []
  return { clock, lines, loggers: new Loggers(3, clock, line => void lines.push(line), level) }
}

describe('Logger', () => {
  test('gives its sink the line, with when, where and who', () => {
    const { clock, lines, loggers } = open()
    clock.advance(5)

    loggers.create('/till').info('paid', { amount: 7 })
    loggers.create(undefined).error('stopped')

    expect(lines).toEqual([
      { level: 'info', timeMs: 5, text: 'paid', host: 3, actor: '/till', data: { amount: 7 } },
      { level: 'error', timeMs: 5, text: 'stopped', host: 3, actor: undefined, data: undefined },
    ])
  })

  test.each<[LogLevel | undefined, LogLevel[]]>([
    [undefined, ['info', 'warn', 'error']],
    ['trace', ['trace', 'debug', 'info', 'warn', 'error']],
    ['error', ['error']],
  ])('at level %s writes %s', (level, written) => {
    const { lines, loggers } = open(level)
    const log = loggers.create('/a')

    for (const each of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[each]('text')

    expect(lines.map(line => line.level)).toEqual(written)
  })
})
