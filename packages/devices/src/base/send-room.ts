import { SOCKET_LIMITS, type SendingSocket } from '@zera/core'

/**
 * Milliseconds after which a client has read its last replies, or the operating system has given up its connection. A
 * connection that takes nothing for so long ends.
 */
export const UNREAD_MS = 30_000

/**
 * Whether a server may read the next request, which it may have to answer. A socket accepts only so many sends and
 * bytes at a time, and refuses more. The answer would then be lost, though its client is there.
 */
export function hasRoomToAnswer({ statistics: { waitingToSend, waitingToSendBytes } }: SendingSocket): boolean {
  return waitingToSend < SOCKET_LIMITS.waitingMessages / 2 && waitingToSendBytes < SOCKET_LIMITS.waitingBytes / 2
}
