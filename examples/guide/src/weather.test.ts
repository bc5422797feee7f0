import { describe, expect, test } from 'vitest'
import { areDaysOf, SEATTLE, weatherOf } from './weather.js'

const record = weatherOf(SEATTLE)

describe('areDaysOf()', () => {
  test('finds successive days, also beyond the end of the record', () => {
    expect(areDaysOf(SEATTLE, record.slice(300, 400))).toBe(true)
    expect(areDaysOf(SEATTLE, [...record.slice(-50), ...record.slice(0, 50)])).toBe(true)
  })

  test('misses no day that is missing, unless an interruption is allowed for it', () => {
    const interrupted = [...record.slice(300, 303), ...record.slice(307, 404)]

    expect([0, 1].map(interruptions => areDaysOf(SEATTLE, interrupted, interruptions))).toEqual([false, true])
  })

  test('allows for no more interruptions, and for no way back', () => {
    const twice = [...record.slice(300, 303), ...record.slice(307, 340), ...record.slice(350, 404)]
    const repeated = [...record.slice(300, 350), ...record.slice(340, 390)]
    const reordered = [...record.slice(300, 330), ...record.slice(340, 350), ...record.slice(330, 340)]

    expect([twice, repeated, reordered].map(updates => areDaysOf(SEATTLE, updates, 1))).toEqual([false, false, false])
  })
})
