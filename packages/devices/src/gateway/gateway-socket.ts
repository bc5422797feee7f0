import { openSocket, type ServerSecurity, type Sockets } from '@zera/core'
import { bindAll } from '../base/bind-all.js'
import { nativeLimit } from '../base/numbers.js'
import { UNREAD_MS } from '../base/send-room.js'
import type { GatewayLimits } from './gateway-options.js'
import { UNREAD_REPLIES } from './unread-replies.js'

/** The smallest limit of a frame, in bytes. Larger ones end their connection. */
const MIN_FRAME_BYTES = 64 * 1024
/** How many of the largest frames one message may hold. Larger messages end their connection. */
const MOST_FRAMES = 16
/** Requests of one connection that ZeroMQ has read ahead. */
const REQUESTS_AHEAD = 4

/**
 * Opens and binds the ROUTER of a gateway, which keeps little for each connection: longer queues are kept where they
 * are counted.
 */
export async function openGatewaySocket(
  bind: readonly string[],
  { maxRequestBytes, maxReplyBytes }: GatewayLimits,
  security: ServerSecurity,
): Promise<{ readonly socket: Sockets['ROUTER']; readonly endpoints: readonly string[] }> {
  const maxFrameBytes = Math.max(MIN_FRAME_BYTES, 2 * maxRequestBytes)
  const socket = await openSocket('ROUTER', {
    ...security.socketOptions,
    maxMessageSize: nativeLimit(maxFrameBytes, -1),
    receiveHighWaterMark: REQUESTS_AHEAD,
    // Without room at a client a reply is refused at once, and waits here.
    sendTimeout: 0,
    sendHighWaterMark: maxReplyBytes === Infinity ? 0 : UNREAD_REPLIES,
    tcpMaxRetransmitTimeout: UNREAD_MS,
  })
  try {
    const limits = maxFrameBytes === Infinity ? {} : { maxMessageBytes: MOST_FRAMES * maxFrameBytes }
    return { socket, endpoints: await bindAll(bind, endpoint => security.listen(socket, endpoint, limits)) }
  } catch (error) {
    await socket.close()
    throw error
  }
}
