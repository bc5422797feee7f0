import { describe, expect, test } from 'vitest'
import { DEFAULT_MAILBOX, mailboxSpec } from './mailbox-spec.js'

const METHODS = new Set(['add', 'cancel'])

describe('mailboxSpec()', () => {
  test('fills in the defaults', () => {
    expect(mailboxSpec({}, METHODS)).toEqual(DEFAULT_MAILBOX)
    expect(mailboxSpec({ maxMessages: Infinity, urgent: ['cancel'] }, METHODS)).toEqual({ maxMessages: Infinity, overflow: 'wait', urgent: ['cancel'] })
  })

  test.each([0, -1, 1.5, NaN])('refuses %d messages', maxMessages => {
    expect(() => mailboxSpec({ maxMessages }, METHODS)).toThrow(RangeError)
  })

  test('refuses a policy that there is not', () => {
    expect(() => mailboxSpec({ overflow: 'forget' as 'fail' }, METHODS)).toThrow(RangeError)
  })

  test('refuses an urgent method that there is not', () => {
    expect(() => mailboxSpec({ urgent: ['cancle'] }, METHODS)).toThrow(TypeError)
  })
})
