/** Why a request got an error for a reply. */
export type GatewayFault =
  /** The frames are not `[empty] [JSON]`, or there are too many, or too large ones, in front of them. */
  | 'bad-envelope'
  /** The frame is larger than requests may be. */
  | 'too-large'
  /** The frame is not UTF-8, not JSON, or nested too deep. */
  | 'bad-json'
  /** The JSON has a key by which prototypes of objects could be changed. */
  | 'forbidden-key'
  /** The JSON is not a request: a field is missing, unknown or of the wrong kind. */
  | 'bad-request'
  /** The actor or the method is not on the list of those that may be called. Which of the two is not told. */
  | 'not-allowed'
  /**
   * The client asks more often than it may; `retryMs` says when it may again. One that goes on gets no more of these,
   * or any other answer, until it has waited.
   */
  | 'rate-limited'
  /**
   * As many calls are under way as may be, of this client or of all, or they hold as many bytes; or as many bytes of
   * replies wait to be read.
   */
  | 'too-busy'
  /** The call took longer than it may, and was given up. */
  | 'deadline'
  /**
   * The call failed. Why is in the gateway's log, under the `incident` of the reply; what its error shows to clients,
   * by `expose`, is the message.
   */
  | 'failed'
  /** The result is not JSON, or is larger than results may be. */
  | 'bad-result'
  /** The gateway is stopping. */
  | 'stopping'

/** What a client gets as `error` in its reply. */
export interface GatewayErrorReply {
  readonly code: GatewayFault
  readonly message: string
  readonly retryMs?: number
  /**
   * By which the gateway's log has the reason, when this side is not told.
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
