/**
 * The bounds of one socket between its thread and ZeroMQ's own queues, which the high-water marks bound. No socket can
 * take another's share, so a socket at its mark holds up only itself.
 */
export const SOCKET_LIMITS = {
  /**
   * Messages, and their bytes, on their way to the I/O thread or waiting there until ZeroMQ has room. A single larger
   * message may always travel alone.
   */
  underWayMessages: 1024,
  underWayBytes: 4 * 1024 * 1024,
  /**
   * Messages, and their bytes, that wait behind those. A send beyond this rejects with WouldBlockError: await earlier
   * sends.
   */
  waitingMessages: 16_384,
  waitingBytes: 64 * 1024 * 1024,
  /**
   * Messages, and their bytes, that have arrived and wait in the receiving thread. The last message may exceed the byte
   * limit.
   */
  arrivedMessages: 64,
  arrivedBytes: 4 * 1024 * 1024,
} as const
