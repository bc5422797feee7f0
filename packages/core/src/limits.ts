/**
 * The bounds of a link, each way. Every queue between threads is one of these, so the memory that a fast sender can
 * fill is known: at most twice `windowBytes` unhandled at the peer, and `backlogBytes` waiting here. Bytes are the characters of a message's text and
 * the shared memory that its binaries lie in.
 */
export const LINK_LIMITS = {
  /** Messages that the peer may have without having handled them, and replies, each in slots of their own. Together a power of two. */
  windowMessages: 16_384,
  windowReplies: 16_384,
  /** Bytes of each; one larger message may always travel alone. */
  windowBytes: 64 * 1024 * 1024,
  /** Messages, and bytes of them, that may wait here before a send returns false: slow down, or await `ready()`. */
  backlogMark: 16_384,
  backlogMarkBytes: 32 * 1024 * 1024,
  /** Messages that may wait here before a send throws. */
  backlogMessages: 131_072,
  /** Bytes that may wait here before a send throws. */
  backlogBytes: 256 * 1024 * 1024,
  /** Messages and characters that go into one frame. */
  frameMessages: 1024,
  frameChars: 256 * 1024,
  /** Bytes of handled messages that a sender may keep until it sends again; with more it is woken to let them go. */
  retainedBytes: 1024 * 1024,
} as const
