/** Why a request got an error for a reply. */
export type GatewayFault =
  /** The frames are not `[empty] [JSON]`, or the frames in front of them are too many or too large. */
  | 'bad-envelope'
  /** The frame is larger than requests may be. */
  | 'too-large'
  /** The frame is not UTF-8, not JSON, or nested too deep. */
  | 'bad-json'
  /** The JSON has a key that could change the prototypes of objects. */
  | 'forbidden-key'
  /** The JSON is not a request: a field is missing, unknown or of the wrong kind. */
  | 'bad-request'
  /** The actor or the method is not on the list of those that clients may call. The error does not say which of the two. */
  | 'not-allowed'
  /**
   * The client asks more often than it may; `retryMs` says when it may ask again. A client that goes on gets neither
   * this error nor any other answer until it has waited.
   */
  | 'rate-limited'
  /** A limit is reached: calls in flight or their bytes, of this client or of all, or bytes of unread replies. */
  | 'too-busy'
  /** The call took longer than it may, and was given up. */
  | 'deadline'
  /**
   * The call failed. The gateway's log has the reason, under the `incident` of the reply. If the error has `expose:
   * true`, the reply has its text as the message.
   */
  | 'failed'
  /** The result is not JSON, is a stream, or is larger than results may be. */
  | 'bad-result'
  /** The gateway is stopping. */
  | 'stopping'

/** What a client gets as `error` in its reply. */
export interface GatewayErrorReply {
  readonly code: GatewayFault
  readonly message: string
  readonly retryMs?: number
  /**
   * The number under which the gateway's log has the reason, when the client does not get it.
   *
   * @see GatewayFailure
   */
  readonly incident?: string
}

/** A counter for each fault. */
export function newFaultCounts(): Record<GatewayFault, number> {
  return {
    'bad-envelope': 0,
    'too-large': 0,
    'bad-json': 0,
    'forbidden-key': 0,
    'bad-request': 0,
    'not-allowed': 0,
    'rate-limited': 0,
    'too-busy': 0,
    deadline: 0,
    failed: 0,
    'bad-result': 0,
    stopping: 0,
  }
}
