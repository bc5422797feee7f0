import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import type { LogLevel, LogLine, NoLevel } from '../model/log.js'
import { Loggers } from './loggers.js'

function open(level?: LogLevel | NoLevel) {
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

  test.each<[LogLevel | NoLevel | undefined, LogLevel[]]>([
    [undefined, ['info', 'warn', 'error']],
    ['trace', ['trace', 'debug', 'info', 'warn', 'error']],
    ['error', ['error']],
    ['none', []],
  ])('at level %s writes %s', (level, written) => {
    const { lines, loggers } = open(level)
    const log = loggers.create('/a')

    for (const each of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[each]('text')

    expect(lines.map(line => line.level)).toEqual(written)
  })

  test('of which nothing is written hands on no line of an event', () => {
    const { lines, loggers } = open('none')

    loggers.writeEvent({ level: 'error', text: 'failed', host: 1, actor: undefined, data: undefined })

    expect(lines).toEqual([])
  })
})

describe('Logger whose sink fails', () => {
  /** Loggers with a sink that fails while it has a reason to. */
  function openFailing() {
    const sink = { why: undefined as unknown, lines: [] as LogLine[] }
    const loggers = new Loggers(3, new ManualClock(), line => {
      // oxlint-disable-next-line typescript/only-throw-error -- A sink throws what it likes.
      if (sink.why !== undefined) throw sink.why
      sink.lines.push(line)
    })
    return { sink, loggers, log: loggers.create('/till') }
  }

  test('counts what was dropped, and says so before the next line', () => {
    const { sink, loggers, log } = openFailing()
    sink.why = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    for (let each = 0; each < 3; each++) log.info('lost')
    sink.why = undefined

    log.info('here')
    log.info('again')

    expect(loggers.dropped).toBe(3)
    expect(sink.lines).toMatchObject([
      { level: 'warn', text: 'log lines were dropped', actor: undefined, data: { dropped: 3, why: 'no space left' } },
      { text: 'here' },
      { text: 'again' },
    ])
  })

  test.each([
    ['null', null],
    ['a revoked proxy', revoked()],
    ['what cannot be shown', { [Symbol.for('nodejs.util.inspect.custom')]: fail }],
    ['an error whose message throws', Object.defineProperty(new Error(), 'message', { get: fail })],
  ])('takes %s that is thrown', (_what, why) => {
    const { sink, loggers, log } = openFailing()
    sink.why = why

    log.info('lost')

    expect(loggers.dropped).toBe(1)
  })

  test('counts lines whose promise is rejected', async () => {
    const loggers = new Loggers(3, new ManualClock(), () => Promise.reject(new Error('no')) as never)

    loggers.create('/till').info('lost')

    await expect.poll(() => loggers.dropped).toBe(1)
  })

  test('does not go round when writing a line logs', () => {
    const lines: LogLine[] = []
    const loggers = new Loggers(3, new ManualClock(), line => {
      log.info('about a line')
      lines.push(line)
    })
    const log = loggers.create('/till')

    log.info('first')
    log.info('second')

    expect(lines.map(({ text }) => text)).toEqual(['first', 'log lines were dropped', 'second'])
  })
})

function fail(): never {
  throw new Error('cannot be read')
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
