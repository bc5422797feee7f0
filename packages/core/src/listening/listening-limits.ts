/** What a server keeps for those who connect, before it has read any of it. */
export interface ListeningLimits {
  /** Connections at one endpoint. Default: a third of the descriptors that are free when it is bound, since each takes three, and 8192 at most. */
  readonly maxConnections?: number
  /** Milliseconds that a connection may take until it has greeted and proved its key. Default 10,000. */
  readonly handshakeMs?: number
  /** Frames of one message. Default 256. */
  readonly maxFrames?: number
  /** Bytes of one message, in all its frames. Default 64 MiB. A single frame is limited by the socket's `maxMessageSize`. */
  readonly maxMessageBytes?: number
  /** Bytes that all connections of an endpoint may have let in and the server has not received yet; beyond, nothing more is read. Default 128 MiB, and twice `maxMessageBytes` at least. */
  readonly maxHeldBytes?: number
}
