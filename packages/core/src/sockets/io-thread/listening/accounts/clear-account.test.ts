import { describe, expect, test } from 'vitest'
import { fillLimits } from '../../../options/listening-limits.js'
import { ClearAccount } from './clear-account.js'
import type { Meter } from './held-account.js'

const LIMITS = fillLimits({ maxConnections: 10, maxFrames: 8, maxMessageBytes: 1000 }, 800)

function letIn(meter: Meter, sizes: readonly number[], isWhole = true): unknown {
  for (const [at, size] of sizes.entries()) {
    const fault = meter.begun(isWhole && at === sizes.length - 1 ? 0 : 1, size)
    if (fault !== undefined) return fault
    if (size > 0) meter.passed(size)
    meter.ended()
  }
  return undefined
}

describe('ClearAccount', () => {
  test.each([
    ['a frame', [801]],
    ['many frames', [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['many bytes', [600, 600]],
  ])('ends a message of %s beyond the limit before its end', (_name, sizes) => {
    expect(letIn(new ClearAccount(LIMITS).open(), sizes, false)).toBe('oversize')
  })

  test('takes any number of messages within the limits', () => {
    const account = new ClearAccount(LIMITS)
    const meter = account.open()

    for (let i = 0; i < 100; i++) {
      expect(letIn(meter, [0, 0, 0, 500, 500])).toBe(undefined)
      account.cameOut([Buffer.from('id'), ...[0, 0, 0, 500, 500].map(size => Buffer.alloc(size))])
    }

    expect(account.heldBytes).toBe(0)
  })

  test('ends a command that is none of the protocol by its size', () => {
    expect(new ClearAccount(LIMITS).open().begun(4, 100_000)).toBe('malformed')
  })

  test('forgets what a connection had not finished when it goes', () => {
    const account = new ClearAccount(LIMITS)
    const meter = account.open()
    letIn(meter, [100, 100], false)
    const before = account.heldBytes

    account.close(meter)

    expect([before > 200, account.heldBytes]).toEqual([true, 0])
  })
})
