import { UNREAD_MS } from '../../base/send-room.js'
import { FairShares } from '../fair-shares.js'

/** Replies that ZeroMQ keeps for each connection. More wait in their lanes. */
export const REPLIES_IN_ZEROMQ = 4
/**
 * Bytes up to which a reply no longer counts once ZeroMQ has it: so few that the replies it keeps for each connection
 * are negligible.
 */
const SMALL_BYTES = 4096
/** The room for small replies besides the others, so that large replies cannot keep an error from any client. */
const SMALL_SHARE = 1 / 8

interface Given {
  /** Of the last replies that ZeroMQ was given, the oldest first. */
  readonly sizes: number[]
  lastMs: number
}

/**
 * The bytes of replies that wait for clients, and of those that ZeroMQ may keep for one that does not read. The latter
 * are the last ones given to it for each client, since ZeroMQ does not report what it has sent. They count for as long
 * as a connection lives that takes nothing. No client, which is a connection, gets more of them than it leaves to
 * others.
 */
export class ReplyShares {
  readonly #large: FairShares
  readonly #small: FairShares
  /** The ones that were given something least recently first. */
  readonly #given = new Map<string, Given>()

  constructor(maxBytes: number) {
    this.#large = new FairShares(maxBytes)
    this.#small = new FairShares(maxBytes * SMALL_SHARE)
  }

  /** All of them. */
  get bytes(): number {
    return this.#large.used + this.#small.used
  }

  /** A reply is to be sent. False, and it must not be, when there is no room for it. */
  take(client: string, bytes: number, nowMs: number): boolean {
    this.#expire(nowMs)
    if (this.#of(bytes).take(client, bytes)) return true
    if (bytes <= SMALL_BYTES) return false
    // A client that reads makes progress: with the next reply, it has read the oldest of the last ones.
    const sizes = this.#given.get(client)?.sizes ?? []
    const [oldest] = sizes
    if (oldest === undefined || sizes.length < REPLIES_IN_ZEROMQ || !this.#large.exchange(client, oldest, bytes))
      return false
    sizes.shift()
    return true
  }

  /** ZeroMQ was given one. */
  sent(client: string, bytes: number, nowMs: number): void {
    if (bytes <= SMALL_BYTES) return this.#small.give(client, bytes)
    const given = this.#given.get(client) ?? { sizes: [], lastMs: nowMs }
    given.sizes.push(bytes)
    given.lastMs = nowMs
    if (given.sizes.length > REPLIES_IN_ZEROMQ) this.#large.give(client, given.sizes.shift() as number)
    this.#given.delete(client)
    this.#given.set(client, given)
  }

  /** One is not sent. */
  drop(client: string, bytes: number): void {
    this.#of(bytes).give(client, bytes)
  }

  /** The connection has gone, and with it what ZeroMQ had for it. */
  gone(client: string): void {
    const given = this.#given.get(client)
    if (given === undefined) return
    this.#given.delete(client)
    for (const bytes of given.sizes) this.#large.give(client, bytes)
  }

  #of(bytes: number): FairShares {
    return bytes <= SMALL_BYTES ? this.#small : this.#large
  }

  #expire(nowMs: number): void {
    for (const [client, { lastMs }] of this.#given) {
      if (nowMs - lastMs < UNREAD_MS) return
      this.gone(client)
    }
  }
}
