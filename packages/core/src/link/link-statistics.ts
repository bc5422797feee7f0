/** What has gone over a link, in counters that never decrease, and what waits. Signals do not count. */
export interface LinkStatistics {
  /** Messages that have left in a frame. Bytes are the characters of the frames, and the bytes of binaries beside them, from when they are copied into shared memory. */
  readonly sent: number
  readonly sentBytes: number
  /** Messages that were refused, as the backlog was at its limit. */
  readonly refused: number
  readonly received: number
  readonly receivedBytes: number
  /** Messages, and bytes of them, that wait here for the peer to have room. */
  readonly waitingToSend: number
  readonly waitingToSendBytes: number
  /** Messages that the peer has and has not handled. */
  readonly unhandled: number
}
