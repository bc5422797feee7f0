import { SOCKET_LIMITS, type SendingSocket } from '@zera/core'

/**
 * Whether a server may read the next request, since it may have to answer it: a socket takes so many sends and bytes at a time, and refuses more. An answer
 * would be lost then, though its client is there.
 */
export function hasRoomToAnswer({ statistics: { waitingToSend, waitingToSendBytes } }: SendingSocket): boolean {
  return waitingToSend < SOCKET_LIMITS.waitingMessages / 2 && waitingToSendBytes < SOCKET_LIMITS.waitingBytes / 2
}
