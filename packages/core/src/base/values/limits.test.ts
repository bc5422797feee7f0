import { expect, test } from 'vitest'
import { LINK_LIMITS } from './limits.js'

test('LINK_LIMITS has a power of two of slots, since a ledger masks with it', () => {
  expect(Math.log2(LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies) % 1).toBe(0)
})

test('LINK_LIMITS lets a send return false before one throws', () => {
  expect(LINK_LIMITS.backlogMark).toBeLessThan(LINK_LIMITS.backlogMessages)
  expect(LINK_LIMITS.backlogMarkBytes).toBeLessThan(LINK_LIMITS.backlogBytes)
})
