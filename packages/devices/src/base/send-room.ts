import { SOCKET_LIMITS, type SendingSocket } from '@zera/core'

/**
 * Milliseconds after which the last replies of a client have been read, or its connection was given up by the operating
 * system: what it takes nothing for so long ends.
 */
export const UNREAD_MS = 30_000

/**
 * Whether a server may read the next request, since it may have to answer it: a socket takes so many sends and bytes at
 * a time, and refuses more. An answer would be lost then, though its client is there.
 */
export function hasRoomToAnswer({ statistics: { waitingToSend, waitingToSendBytes } }: SendingSocket): boolean {
  return waitingToSend < SOCKET_LIMITS.waitingMessages / 2 && waitingToSendBytes < SOCKET_LIMITS.waitingBytes / 2
}
