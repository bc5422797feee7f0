/**
 * The bounds of a link, each way. Every queue between threads is one of these, so the memory that a fast sender can
 * fill is known: at most twice `windowBytes` unhandled at the peer, and `backlogBytes` waiting here. Bytes are the
 * characters of a message's text and the shared memory that its binaries lie in.
 */
export const LINK_LIMITS = {
  /**
   * Messages that the peer may have without having handled them, and replies, each in slots of their own. Together a
   * power of two.
   */
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

/**
 * The bounds of a link between processes beside those of `LINK_LIMITS`: what is larger is not received, by whoever it
 * was sent.
 */
export const REMOTE_LIMITS = {
  /** Bytes of the text of one message, in which binaries are base64. */
  messageBytes: 64 * 1024 * 1024,
  /** Bytes of a frame: one large message, small ones before it, and the slots that are given back. */
  frameBytes: 66 * 1024 * 1024,
  /** Frames that wait in a socket for one peer, each way: more than an honest one can cause. */
  frames: 131_072,
} as const
