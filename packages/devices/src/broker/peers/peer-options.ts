import { parseEndpoint } from '@zera/core/internal'
import { nativeLimit } from '../../base/numbers.js'
import { readServiceName } from '../protocol/mdp.js'

/**
 * Messages that a client or a worker has read ahead in ZeroMQ. A broker sends a worker one at a time, and a client the
 * parts of one reply.
 */
const MESSAGES_AHEAD = 16
const MIN_FRAME_BYTES = 1024

/**
 * Checks where a client or a worker connects to, and the service.
 *
 * @throws {EndpointError}
 * @throws {RangeError}
 */
export function checkEndpointAndService(action: string, broker: string, service: string): void {
  parseEndpoint(broker)
  if (readServiceName(Buffer.from(service)) === undefined)
    throw new RangeError(
      `Cannot ${action}: the name of a service has 1 to 255 printable bytes, which "${service}" has not`,
    )
}

/**
 * What keeps a broker from filling the memory of its peer.
 *
 * @param maxFrameBytes ZeroMQ disconnects a peer that sends a larger frame.
 */
export function receiveLimits(maxFrameBytes: number): {
  readonly receiveHighWaterMark: number
  readonly maxMessageSize: number
} {
  return {
    receiveHighWaterMark: MESSAGES_AHEAD,
    maxMessageSize: nativeLimit(Math.max(maxFrameBytes, MIN_FRAME_BYTES), -1),
  }
}
