import { UNREAD_MS } from '../base/send-room.js'

/**
 * Replies that ZeroMQ keeps for a client that does not read. ZeroMQ does not show whether a client has read the last
 * ones, so these count as unread.
 */
export const UNREAD_REPLIES = 8
/**
 * Bytes of a reply that always finds room, such as an error: ZeroMQ keeps `UNREAD_REPLIES` of them for each connection
 * at most.
 */
const SMALL_BYTES = 4096
/** So many clients can each use their full share at the same time. */
const SHARES = 8

/** The least room in bytes with which a client that reads is never refused. */
export function leastUnreadBytes(maxReplyBytes: number): number {
  return (UNREAD_REPLIES + 1) * maxReplyBytes
}

interface ClientReplies {
  /** Bytes of the replies that ZeroMQ was given last, of `UNREAD_REPLIES` at most. */
  readonly taken: number[]
  takenBytes: number
  /** Bytes of replies that were not given to ZeroMQ, or may be given back. */
  heldBytes: number
  lastMs: number
}

/**
 * An account of the bytes of replies that clients may not have read, wherever they are: on their way to ZeroMQ, waiting
 * for room in it, or in its queues. It does no IO.
 */
export class UnreadReplies {
  readonly #maxBytes: number
  readonly #maxBytesPerClient: number
  /** Clients in the order of their last reply, oldest first. */
  readonly #clients = new Map<string, ClientReplies>()
  #bytes = 0

  /**
   * @param maxReplyBytes Bytes of the largest reply: a client has room for `UNREAD_REPLIES` and one, since it cannot
   *   show that it has read them.
   */
  constructor(maxBytes: number, maxReplyBytes: number) {
    this.#maxBytes = maxBytes
    this.#maxBytesPerClient = Math.max(maxBytes / SHARES, leastUnreadBytes(maxReplyBytes))
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether there are fewer bytes than there may be. */
  get isWithin(): boolean {
    return this.#bytes <= this.#maxBytes
  }

  /** Whether a client may have one more reply. */
  hasRoomFor(client: string, sizeBytes: number, nowMs: number): boolean {
    this.#expire(nowMs)
    if (sizeBytes <= SMALL_BYTES) return true
    const { takenBytes = 0, heldBytes = 0 } = this.#clients.get(client) ?? {}
    return this.#bytes + sizeBytes <= this.#maxBytes && takenBytes + heldBytes + sizeBytes <= this.#maxBytesPerClient
  }

  /** A reply is to be sent. */
  hold(client: string, sizeBytes: number, nowMs: number): void {
    let replies = this.#clients.get(client)
    if (replies === undefined)
      this.#clients.set(client, (replies = { taken: [], takenBytes: 0, heldBytes: 0, lastMs: nowMs }))
    replies.heldBytes += sizeBytes
    this.#bytes += sizeBytes
  }

  /** ZeroMQ has taken one that was held. */
  take(client: string, sizeBytes: number, nowMs: number): void {
    const replies = this.#clients.get(client)
    if (replies === undefined) return
    replies.heldBytes -= sizeBytes
    replies.taken.push(sizeBytes)
    replies.takenBytes += sizeBytes
    if (replies.taken.length > UNREAD_REPLIES) {
      const read = replies.taken.shift() as number
      replies.takenBytes -= read
      this.#bytes -= read
    }
    replies.lastMs = nowMs
    this.#clients.delete(client)
    // Clients that only had small replies are not remembered, which bounds the number of those that are.
    if (replies.heldBytes > 0 || replies.taken.some(size => size > SMALL_BYTES)) this.#clients.set(client, replies)
    else this.#bytes -= replies.takenBytes
  }

  /** One that was held is not sent. */
  drop(client: string, sizeBytes: number): void {
    const replies = this.#clients.get(client)
    if (replies === undefined) return
    replies.heldBytes -= sizeBytes
    this.#bytes -= sizeBytes
    if (replies.heldBytes === 0 && replies.taken.length === 0) this.#clients.delete(client)
  }

  /** A client's connection has gone, and with it what ZeroMQ had for it. */
  gone(client: string): void {
    const replies = this.#clients.get(client)
    if (replies === undefined) return
    this.#bytes -= replies.takenBytes
    replies.taken.length = 0
    replies.takenBytes = 0
    if (replies.heldBytes === 0) this.#clients.delete(client)
  }

  /** Forgets clients that have had nothing for so long that all is read. */
  #expire(nowMs: number): void {
    for (const [client, replies] of this.#clients) {
      if (nowMs - replies.lastMs < UNREAD_MS) return
      if (replies.heldBytes > 0) continue
      this.#bytes -= replies.takenBytes
      this.#clients.delete(client)
    }
  }
}
