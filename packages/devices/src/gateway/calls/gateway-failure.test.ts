import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { ODD_THROWN } from '../../../../core/dist/fixtures/odd-values.js'
import { GatewayError } from '../../base/errors.js'
import { shownText } from '../../base/shown-text.js'
import { FailureLog } from '../failure-log.js'
import { failureLine, type GatewayFailure } from './gateway-failure.js'

const FAILURE: GatewayFailure = {
  incident: 'i1',
  fault: 'failed',
  actor: 'counter',
  method: 'add',
  client: '0a',
  id: 7,
  isLate: false,
  error: new TypeError('secret'),
}

describe('shownText()', () => {
  test('gives the text of errors that say so, and of no others', () => {
    const mine = Object.assign(new TypeError('yours'), { expose: true })

    expect([new GatewayError('no such order'), mine].map(shownText)).toEqual(['no such order', 'yours'])
    expect(
      [
        new Error('secret'),
        Object.assign(new Error('secret'), { expose: 1 }),
        { expose: true, message: 'secret' },
        'secret',
      ].map(shownText),
    ).toEqual([undefined, undefined, undefined, undefined])
    expect(shownText(new GatewayError('x'.repeat(1e6)))).toHaveLength(2000)
  })

  test.each(ODD_THROWN.map(({ name, make }) => [name, make] as const))('shows nothing of %s', (_name, make) => {
    expect(shownText(make())).toBe(undefined)
  })

  test('shows nothing of an error whose expose throws', () => {
    const error = Object.defineProperty(new Error('secret'), 'expose', {
      get: () => {
        throw new Error('no')
      },
    })

    expect(shownText(error)).toBe(undefined)
  })
})

describe('failureLine()', () => {
  test('is one line, whatever a client has put into it', () => {
    const line = failureLine({
      ...FAILURE,
      id: 'a\nb\u001B[2J',
      error: new Error('one\ntwo\u2028three\u001B[31m\u009B\u202E'),
    })

    expect(line).toBe(
      String.raw`gateway: failed: counter.add, incident i1, of client 0a, id "a\nb\u001b[2J": Error: one\u000atwo\u2028three\u001b[31m\u009b\u202e`,
    )
  })
})

describe('FailureLog', () => {
  test('writes a few lines in 20 s, and says how many it has left out', () => {
    const clock = new ManualClock()
    const lines: string[] = []
    const log = new FailureLog(clock, undefined, line => lines.push(line))

    for (let failure = 0; failure < 100; failure++) log.add(FAILURE)
    expect(lines).toHaveLength(20)
    clock.advance(20_000)
    log.add(FAILURE)

    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toContain('(80 lines before it')
  })
})
