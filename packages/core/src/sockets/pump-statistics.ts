/** What one direction of a pump has done, in counters that never decrease. */
export interface LaneStatistics {
  /** Messages that were taken, and the bytes of their frames. */
  readonly messages: number
  readonly bytes: number
  /**
   * Of those, the ones that could not be handed on: their peer was gone or at its mark, or the rule did not know the
   * message. At publishers it counts as `SocketStatistics.dropped` does.
   */
  readonly dropped: number
  /** Of those, the ones that wait for room, or for the end of a pause. */
  readonly waiting: number
}

/** What a pump has done: plain data. */
export interface PumpStatistics {
  readonly toBackend: LaneStatistics
  readonly toFrontend: LaneStatistics
  /** Copies sent to the capture socket, and those for which it had no room. */
  readonly captured: { readonly messages: number; readonly dropped: number }
  /** Connections over tcp and ipc that are up now. ZeroMQ does not report those over inproc. */
  readonly peers: { readonly frontend: number; readonly backend: number }
  /** Replies that are due, where the rule knows of replies. */
  readonly awaitedReplies: number
  /**
   * Keys whose last values are kept, and values that were dropped or refused for lack of room, where the rule keeps
   * values.
   */
  readonly lastValues: { readonly keys: number; readonly notKept: number }
  readonly isPaused: boolean
}
