/**
 * The bounds of one socket between its thread and ZeroMQ's own queues, which the high-water marks bound. No socket can
 * take another one's share, so one at its mark holds up itself alone.
 */
export const SOCKET_LIMITS = {
  /**
   * Messages, and bytes of them, that are on their way to the I/O thread or wait in it until ZeroMQ has room. One
   * larger message may always travel alone.
   */
  underWayMessages: 1024,
  underWayBytes: 4 * 1024 * 1024,
  /**
   * Messages, and bytes of them, that wait behind those. A send beyond rejects with WouldBlockError: await the ones
   * before.
   */
  waitingMessages: 16_384,
  waitingBytes: 64 * 1024 * 1024,
  /**
   * Messages, and bytes of them, that have arrived and wait in the thread that receives. The last one may exceed the
   * bytes.
   */
  arrivedMessages: 64,
  arrivedBytes: 4 * 1024 * 1024,
} as const
