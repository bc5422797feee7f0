import {
  type CurveServer,
  type Frame,
  type Frames,
  MESSAGE_LIMITS,
  openSocket,
  secureServer,
  type ServerSecurity,
  type SocketOptions,
  type Sockets,
} from '@zera/core'
import { bindAll } from '../base/bind-all.js'
import { nativeLimit } from '../base/numbers.js'
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
  readonly endpoints: readonly string[]
  readonly #socket: Sockets['ROUTER']
  readonly #security: ServerSecurity

  private constructor(
    side: BrokerSide,
    endpoints: readonly string[],
    socket: Sockets['ROUTER'],
    security: ServerSecurity,
  ) {
    this.side = side
    this.endpoints = endpoints
    this.#socket = socket
    this.#security = security
  }

  /**
   * Opens it.
   *
   * @throws {CurveRequiredError}
   * @throws {AddressError}
   * @throws {AuthenticationError} Nothing is left open
   * then.
   */
  static async open(
    side: BrokerSide,
    bind: readonly string[],
    curve: CurveServer | 'none' | undefined,
    { maxMessageBytes }: BrokerLimits,
  ): Promise<BrokerDoor> {
    const security = await secureServer('start the broker', bind, curve)
    let socket: Sockets['ROUTER'] | undefined
    try {
      const router = await openSocket('ROUTER', { ...security.socketOptions, ...socketOptions(maxMessageBytes) })
      socket = router
      const limits = {
        maxFrames: MESSAGE_LIMITS.maxFrames,
        maxMessageBytes: 2 * Math.max(maxMessageBytes, MIN_FRAME_BYTES) + HEAD_BYTES,
      }
      const endpoints = await bindAll(bind, endpoint => security.listen(router, endpoint, limits))
      return new BrokerDoor(side, endpoints, router, security)
    } catch (error) {
      await socket?.close()
      await security.release()
      throw error
    }
  }

  get counts(): DoorCounts {
    return this.#security.counts
  }

  /** Whether the broker may receive the next message, which it may have to answer. */
  get hasRoom(): boolean {
    return hasRoomToAnswer(this.#socket)
  }

  receive(signal: AbortSignal): Promise<Frames> {
    return this.#socket.receive({ signal })
  }

  /**
   * @throws {WouldBlockError} When the peer has no room.
   * @throws {HostUnreachableError} When it has gone.
   */
  send(frames: readonly Frame[]): Promise<void> {
    return this.#socket.send(frames)
  }

  setKeys(keys: readonly string[] | 'any'): void {
    this.#security.setClients(keys)
  }

  async close(): Promise<void> {
    // The socket goes first: no peer gets in without a check of its key.
    await this.#socket.close()
    await this.#security.release()
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
