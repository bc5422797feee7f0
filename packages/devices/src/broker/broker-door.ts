import { type CurveServer, MESSAGE_LIMITS, type SocketOptions } from '@zera/core'
import type { Endpoints } from '../base/endpoints.js'
import { nativeLimit } from '../base/numbers.js'
import { openSecuredRouter, type SecuredRouter } from '../base/secured-router.js'
import { UNREAD_MS } from '../base/send-room.js'
import type { BrokerLimits, BrokerSide } from './broker-state.js'
import { REPLIES_IN_ZEROMQ } from './replies/reply-shares.js'

/**
 * What a message may have besides its body: addresses, headers, the name of the service. A body of up to twice what it
 * may have gets an answer that says so.
 */
const HEAD_BYTES = 16 * 1024
const MIN_FRAME_BYTES = 1024
/** Messages of one connection that ZeroMQ has read ahead. */
const MESSAGES_AHEAD = 8

/** The entrance of one side of a broker, or both: a ROUTER, and the list of peers that may connect to it. */
export interface BrokerDoor {
  readonly side: BrokerSide
  readonly router: SecuredRouter
}

/**
 * Opens the door of a side.
 *
 * @throws As `openSecuredRouter`.
 */
export async function openDoor(
  side: BrokerSide,
  bind: Endpoints,
  curve: CurveServer | 'none' | undefined,
  { maxMessageBytes }: BrokerLimits,
  signal: AbortSignal | undefined,
): Promise<BrokerDoor> {
  const router = await openSecuredRouter({
    action: 'start the broker',
    bind,
    curve,
    socketOptions: socketOptions(maxMessageBytes),
    limits: {
      maxFrames: MESSAGE_LIMITS.maxFrames,
      maxMessageBytes: 2 * Math.max(maxMessageBytes, MIN_FRAME_BYTES) + HEAD_BYTES,
    },
    signal,
  })
  return { side, router }
}

function socketOptions(maxMessageBytes: number): SocketOptions['ROUTER'] {
  return {
    maxMessageSize: nativeLimit(Math.max(maxMessageBytes, MIN_FRAME_BYTES), -1),
    receiveHighWaterMark: MESSAGES_AHEAD,
    // Without room at a peer a send is refused at once: no sender waits for a peer that does not read. ZeroMQ counts only messages, so it gets few.
    sendTimeout: 0,
    sendHighWaterMark: REPLIES_IN_ZEROMQ,
    tcpMaxRetransmitTimeout: UNREAD_MS,
  }
}
