import { describe, expect, test } from 'vitest'
import { DEFAULT_MAILBOX, mailboxSpec } from './mailbox-spec.js'

describe('mailboxSpec()', () => {
  test('fills in the defaults', () => {
    expect(mailboxSpec({})).toEqual(DEFAULT_MAILBOX)
    expect(mailboxSpec({ maxMessages: Infinity, urgent: ['cancel'] })).toEqual({
      maxMessages: Infinity,
      overflow: 'wait',
      urgent: ['cancel'],
    })
  })

  test.each([0, -1, 1.5, NaN])('refuses %d messages', maxMessages => {
    expect(() => mailboxSpec({ maxMessages })).toThrow(RangeError)
  })

  test('refuses a policy that there is not', () => {
    expect(() => mailboxSpec({ overflow: 'forget' as 'fail' })).toThrow(RangeError)
  })
})
