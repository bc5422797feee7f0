import type { CurveServer } from '@zera/core'
import type { Endpoints } from '../base/endpoints.js'
import { nativeLimit } from '../base/numbers.js'
import { openSecuredRouter, type SecuredRouter } from '../base/secured-router.js'
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
 *
 * @throws As `openSecuredRouter`.
 */
export async function openGatewayRouter(
  bind: Endpoints,
  curve: CurveServer | 'none' | undefined,
  { maxRequestBytes, maxReplyBytes }: GatewayLimits,
  signal: AbortSignal | undefined,
): Promise<SecuredRouter> {
  const maxFrameBytes = Math.max(MIN_FRAME_BYTES, 2 * maxRequestBytes)
  return openSecuredRouter({
    action: 'start the gateway',
    bind,
    curve,
    socketOptions: {
      maxMessageSize: nativeLimit(maxFrameBytes, -1),
      receiveHighWaterMark: REQUESTS_AHEAD,
      // Without room at a client a reply is refused at once, and waits here.
      sendTimeout: 0,
      sendHighWaterMark: maxReplyBytes === Infinity ? 0 : UNREAD_REPLIES,
      tcpMaxRetransmitTimeout: UNREAD_MS,
    },
    limits: maxFrameBytes === Infinity ? {} : { maxMessageBytes: MOST_FRAMES * maxFrameBytes },
    signal,
  })
}
