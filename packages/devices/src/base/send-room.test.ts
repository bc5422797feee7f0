import { SOCKET_LIMITS, type SendingSocket } from '@zera/core'
import { expect, test } from 'vitest'
import { hasRoomToAnswer } from './send-room.js'

test.each([
  [0, 0, true],
  [SOCKET_LIMITS.waitingMessages / 2 - 1, SOCKET_LIMITS.waitingBytes / 2 - 1, true],
  [SOCKET_LIMITS.waitingMessages / 2, 0, false],
  [1, SOCKET_LIMITS.waitingBytes / 2, false],
])('hasRoomToAnswer() with %d sends of %d bytes waiting is %s', (waitingToSend, waitingToSendBytes, hasRoom) => {
  expect(hasRoomToAnswer({ statistics: { waitingToSend, waitingToSendBytes } } as SendingSocket)).toBe(hasRoom)
})
