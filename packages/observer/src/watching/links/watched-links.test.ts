import { createLinkEnds, NO_MESSAGES, readLedgers, sumOfAccounts, type MessageAccount } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { ledgerOf, WatchedLinks } from './watched-links.js'

function account(parts: Partial<MessageAccount>): MessageAccount {
  return { ...NO_MESSAGES, ...parts }
}

describe('ledgerOf()', () => {
  test('is the sum of all, of which none is missing', () => {
    const closed = account({ sent: 10, handled: 6, givenBack: 3, lost: 1 })

    const ledger = ledgerOf(closed, [account({ sent: 5, handled: 4 }), account({ sent: 2 })])

    expect(ledger).toEqual({ sent: 17, handled: 10, givenBack: 3, lost: 1, underWay: 3, missing: 0 })
  })

  test.each([
    ['one that was never settled', account({ sent: 3, handled: 2 }), [], 1],
    ['one that was handled twice', account({}), [account({ sent: 3, handled: 4 }), account({ sent: 9 })], -1],
  ])('finds %s', (_what, closed, open, missing) => {
    expect(ledgerOf(closed, open).missing).toBe(missing)
  })
})

test('WatchedLinks have two directions each, in the order of their accounts', () => {
  const [{ ledgers, handover }] = createLinkEnds('1-2', 1, new SharedArrayBuffer(64), new SharedArrayBuffer(64))
  handover.close()
  const links = [{ binds: 1, connects: 2, ledgers }]

  const seen = new WatchedLinks().look(
    { links, endedLinks: { closed: sumOfAccounts(readLedgers(ledgers)), open: [] } },
    0,
  )

  expect(seen).toEqual({
    links: [
      { from: 1, to: 2, messages: 0, oldestMs: 0, isStalled: false },
      { from: 2, to: 1, messages: 0, oldestMs: 0, isStalled: false },
    ],
    ledger: { ...NO_MESSAGES, underWay: 0, missing: 0 },
  })
})
