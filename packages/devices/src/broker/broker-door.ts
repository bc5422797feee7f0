import { type CurveServer, type Frame, type Frames, MESSAGE_LIMITS, type SocketOptions } from '@zera/core'
import type { Endpoints } from '../base/endpoints.js'
import { nativeLimit } from '../base/numbers.js'
import { openSecuredRouter, type SecuredRouter } from '../base/secured-router.js'
import { hasRoomToAnswer, UNREAD_MS } from '../base/send-room.js'
import type { BrokerLimits, BrokerSide } from './broker-state.js'
import type { DoorCounts } from './door-counts.js'
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
export class BrokerDoor {
  readonly side: BrokerSide
  readonly #router: SecuredRouter

  private constructor(side: BrokerSide, router: SecuredRouter) {
    this.side = side
    this.#router = router
  }

  /**
   * Opens it.
   *
   * @throws As `openSecuredRouter`.
   */
  static async open(
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
    return new BrokerDoor(side, router)
  }

  get endpoints(): Endpoints {
    return this.#router.endpoints
  }

  get counts(): DoorCounts {
    return this.#router.counts
  }

  /** Whether the broker may receive the next message, which it may have to answer. */
  get hasRoom(): boolean {
    return hasRoomToAnswer(this.#router.socket)
  }

  receive(signal: AbortSignal): Promise<Frames> {
    return this.#router.socket.receive({ signal })
  }

  /**
   * @throws {WouldBlockError} When the peer has no room.
   * @throws {HostUnreachableError} When it has gone.
   */
  send(frames: readonly Frame[]): Promise<void> {
    return this.#router.socket.send(frames)
  }

  setKeys(keys: readonly string[] | 'any'): void {
    this.#router.setClients(keys)
  }

  close(): Promise<void> {
    return this.#router.close()
  }
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
