import { ManualClock } from '@zera/core/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DeviceLog } from './device-log.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('DeviceLog', () => {
  test('note() writes to stderr, twenty lines in 20 s, each of which is one whatever is in it', () => {
    const clock = new ManualClock()
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const log = new DeviceLog('broker', clock, undefined)

    for (let at = 0; at < 1000; at++) log.note('x\u001B[2J\r\nbroker: forged')
    expect(written).toHaveBeenCalledTimes(20)
    clock.advance(20_000)
    log.note('y')

    expect(written).toHaveBeenCalledTimes(21)
    expect(written.mock.calls[0]).toEqual([String.raw`broker: x\u001b[2J\u000d\u000abroker: forged`])
    expect(written.mock.lastCall?.[0]).toContain('980 lines before it')
  })

  test('note() hands all lines to the function, and writes those that it throws at', () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const lines: string[] = []
    const log = new DeviceLog('broker', new ManualClock(), line => {
      if (line.endsWith('bad')) throw new Error('no')
      lines.push(line)
    })

    for (let at = 0; at < 100; at++) log.note('good')
    log.note('bad')

    expect(lines).toHaveLength(100)
    expect(written.mock.calls).toEqual([['broker: bad']])
  })
})
