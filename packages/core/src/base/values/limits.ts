/**
 * The bounds of a link, in each direction. They bound every queue between threads, so the memory that a fast sender can
 * fill is known: at most twice `windowBytes` unhandled at the peer, and `backlogBytes` waiting here. Bytes are the
 * characters of a message's text and the shared memory that its binaries lie in.
 */
export const LINK_LIMITS = {
  /** Messages, and replies, that the peer may have unhandled, each in slots of their own. Together a power of two. */
  windowMessages: 16_384,
  windowReplies: 16_384,
  /** Bytes of each; a single larger message may always travel alone. */
  windowBytes: 4 * 1024 * 1024,
  /** Messages, and their bytes, that may wait here before a send returns false: slow down, or await `ready()`. */
  backlogMark: 16_384,
  backlogMarkBytes: 4 * 1024 * 1024,
  /** Messages that may wait here before a send throws. */
  backlogMessages: 131_072,
  /** Bytes that may wait here before a send throws. */
  backlogBytes: 256 * 1024 * 1024,
  /** Messages, and their bytes, that go into one frame. */
  frameMessages: 1024,
  maxFrameBytes: 256 * 1024,
  /** So many bytes leave at once, and not only at the end of the turn; or so many, while the peer has others to handle. */
  frameBytes: 64 * 1024,
  busyFrameBytes: 256 * 1024,
  /** Bytes of handled messages that a sender may keep until it sends again; beyond that, it is woken to free them. */
  retainedBytes: 1024 * 1024,
} as const

/**
 * The bounds of a link between processes, in addition to `LINK_LIMITS`. Anything larger is refused, whichever peer sent
 * it.
 */
export const REMOTE_LIMITS = {
  /** Bytes of the text of one message, in which binaries are base64. */
  messageBytes: 64 * 1024 * 1024,
  /** Bytes of a frame: one large message, small ones before it, and the slots that are given back. */
  frameBytes: 66 * 1024 * 1024,
  /** Frames that may wait in a socket for one peer, in each direction: more than an honest peer can cause. */
  frames: 131_072,
} as const
