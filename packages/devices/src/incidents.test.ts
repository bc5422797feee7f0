import { afterEach, describe, expect, test, vi } from 'vitest'
import { ODD_THROWN } from '../../core/dist/fixtures/odd-values.js'
import { ManualClock } from './fixtures/manual-clock.js'
import { checkIncidentOptions, Incidents, type Incident } from './incidents.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('Incidents', () => {
  test('failed() tells a client the id alone, and the log everything', () => {
    const logged: Incident[] = []
    const incidents = new Incidents('worker of shout', { log: incident => logged.push(incident) }, new ManualClock())

    const text = incidents.failed(new RangeError('the password is hunter2'))

    expect(text).not.toContain('hunter2')
    expect(text).toContain(logged[0]?.id)
    expect(logged).toMatchObject([{ device: 'worker of shout', text: expect.stringContaining('RangeError: the password is hunter2') }])
  })

  test('failed() tells a client the text where that is wanted', () => {
    const incidents = new Incidents('worker of shout', { errorTexts: 'shown', log: () => undefined }, new ManualClock())

    expect(incidents.failed(new RangeError('no'))).toBe('RangeError: no')
  })

  test.each(ODD_THROWN)('failed() takes $name, and a log that throws', ({ make }) => {
    const incidents = new Incidents('worker', {
      log: () => {
        throw make()
      },
    }, new ManualClock())

    expect(incidents.failed(make())).toContain('incident')
  })

  test('writes to stderr by itself, ten at once and one a second, one line for each that no text can forge', () => {
    const clock = new ManualClock()
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const incidents = new Incidents('worker', {}, clock)

    for (let at = 0; at < 1000; at++) incidents.note('x\u001B[2J\r\nzera worker: forged')
    expect(written).toHaveBeenCalledTimes(10)
    clock.advance(1000)
    for (let at = 0; at < 5; at++) incidents.note('y')

    expect(written).toHaveBeenCalledTimes(11)
    expect(written.mock.calls[0]?.[0]).toMatch(/^zera worker: x\uFFFD\[2J\uFFFD\n {4}zera worker: forged \(incident [\w-]+\)$/u)
    expect(written.mock.lastCall?.[0]).toContain('990 before it were left out')
  })
})

test.each([{ errorTexts: 'all' }, { log: 'console' }])('checkIncidentOptions() refuses %j', options => {
  expect(() => checkIncidentOptions('start', options as never)).toThrow(TypeError)
})
