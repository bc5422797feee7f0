import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { NodeLog } from './node-log.js'

describe('NodeLog', () => {
  test('say() writes 20 lines a minute, and counts the others', () => {
    const clock = new ManualClock()
    const lines: string[] = []
    const log = new NodeLog(clock, line => lines.push(line))

    for (let line = 1; line <= 1000; line++) log.say(String(line))
    expect(lines).toEqual(Array.from({ length: 20 }, (_, at) => String(at + 1)))
    clock.advance(60_000)
    log.say('again')
    log.end('over')

    expect(lines.slice(20)).toEqual(['980 lines more were left out', 'again', 'over'])
  })
})
