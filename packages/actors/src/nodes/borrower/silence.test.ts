import { describe, expect, test } from 'vitest'
import { Silence } from './silence.js'

describe('Silence', () => {
  test('is too long after the deadline, within a tenth, and not before the node has ended its threads', () => {
    const silence = new Silence(3000, 0)
    silence.heard(500)

    expect([3500, 3649, 3651].map(now => silence.leftMs(now) < 0)).toEqual([false, false, true])
    expect(silence.lastedMs(3500)).toBe(3000)
  })

  test.each([
    { what: 'a peer that was busy or suspended', dueMs: 2000, lateMs: 5000, isTooLong: false },
    { what: 'a timer as late as timers are', dueMs: 3200, lateMs: 5, isTooLong: true },
  ])('heard by $what is too long: $isTooLong', ({ dueMs, lateMs, isTooLong }) => {
    const silence = new Silence(3000, 0)
    const now = dueMs + lateMs

    silence.look(now, lateMs)

    expect(silence.leftMs(now) < 0).toBe(isTooLong)
    silence.look(now + 4000, 0)
    expect(silence.leftMs(now + 4000) < 0).toBe(true)
  })
})
