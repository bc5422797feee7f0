/** What one direction of a pump has done, in counters that never decrease. */
export interface LaneStatistics {
  /** Messages that were taken, and the bytes of their frames. */
  readonly messages: number
  readonly bytes: number
  /**
   * Of those, the ones that could not be handed on: their peer has gone or was at its mark, or the message was none
   * that the rule knows. At publishers it counts as `SocketStatistics.dropped` does.
   */
  readonly dropped: number
  /** Of those, the ones that wait for room, or for the end of a pause. */
  readonly waiting: number
}

/** What a pump has done: plain data. */
export interface PumpStatistics {
  readonly toBackend: LaneStatistics
  readonly toFrontend: LaneStatistics
  /** Copies at the capture socket, and those that it had no room for. */
  readonly captured: { readonly messages: number; readonly dropped: number }
  /** Connections over tcp and ipc that are up now. ZeroMQ does not tell of those over inproc. */
  readonly peers: { readonly frontend: number; readonly backend: number }
  /** Replies that are due, where the rule knows of replies. */
  readonly awaitedReplies: number
  /**
   * Keys whose last values are kept, and values that were forgotten or refused for want of room, where the rule keeps
   * any.
   */
  readonly lastValues: { readonly keys: number; readonly notKept: number }
  readonly isPaused: boolean
}
