import { HostUnreachableError, type Cancellable, type Clock, type Frame, type SendingSocket } from '@zera/core'
import { UNREAD_MS } from '../base/send-room.js'
import { UNREAD_REPLIES, type UnreadReplies } from './unread-replies.js'

/** A reply, with its way back. */
export interface Reply {
  /** The routing id of the client's connection, as text of a byte a character. */
  readonly client: string
  readonly frames: readonly Frame[]
}

/** Why a reply did not reach its client: its connection has gone, or it does not read. */
export type Undelivered = 'gone' | 'unread'

interface WaitingReply extends Reply {
  readonly sizeBytes: number
}

/** What is to be sent to one client. */
interface Line {
  readonly client: string
  readonly waiting: WaitingReply[]
  /** Replies given to ZeroMQ whose outcome is open. */
  underWay: number
  /** Whether ZeroMQ has no room for this client, and is asked again later. */
  isStalled: boolean
  retryMs: number
  /** When ZeroMQ last took a reply for this client. */
  takenMs: number
  timer: Cancellable | undefined
}

/**
 * Milliseconds until a send to a client without room is retried, since ZeroMQ does not signal room; they double each
 * time.
 */
const RETRY_MS = { first: 1, longest: 200 } as const

/**
 * Sends the replies of a gateway. It gives ZeroMQ few at a time for each client, so that ZeroMQ keeps little for one
 * that does not read. The others wait here, where they are counted. A slow client delays only itself. What it does not
 * read within 30 seconds, or what is too much, is dropped and counted.
 */
export class ReplySender {
  readonly #socket: Pick<SendingSocket, 'send'>
  readonly #clock: Clock
  readonly #unread: UnreadReplies
  readonly #maxWaiting: number
  readonly #changed: () => void
  /** Of clients with replies to send. */
  readonly #lines = new Map<string, Line>()
  readonly #undelivered: Record<Undelivered, number> = { gone: 0, unread: 0 }
  #isClosed = false

  /**
   * @param maxWaiting Replies that may wait for one client.
   * @param changed Called when one was sent or dropped.
   */
  constructor(
    socket: Pick<SendingSocket, 'send'>,
    clock: Clock,
    unread: UnreadReplies,
    maxWaiting: number,
    changed: () => void,
  ) {
    this.#socket = socket
    this.#clock = clock
    this.#unread = unread
    this.#maxWaiting = maxWaiting
    this.#changed = changed
  }

  /** Whether nothing waits. */
  get isIdle(): boolean {
    return this.#lines.size === 0
  }

  /** Replies that were not delivered, by reason. */
  get undelivered(): Readonly<Record<Undelivered, number>> {
    return { ...this.#undelivered }
  }

  send(reply: Reply): void {
    const { client, frames } = reply
    const sizeBytes = sizeOf(frames)
    this.#unread.hold(client, sizeBytes, this.#clock.now())
    const line = this.#lines.get(client) ?? this.#open(client)
    if (this.#isClosed || line.waiting.length >= this.#maxWaiting || (line.isStalled && !this.#unread.isWithin))
      this.#drop({ client, frames, sizeBytes }, 'unread')
    else line.waiting.push({ client, frames, sizeBytes })
    this.#advance(line)
  }

  /** Drops all that waits. */
  close(): void {
    this.#isClosed = true
    for (const line of this.#lines.values()) {
      this.#dropAll(line, 'unread')
      this.#advance(line)
    }
  }

  #open(client: string): Line {
    const line: Line = {
      client,
      waiting: [],
      underWay: 0,
      isStalled: false,
      retryMs: RETRY_MS.first,
      takenMs: this.#clock.now(),
      timer: undefined,
    }
    this.#lines.set(client, line)
    return line
  }

  /** Gives ZeroMQ as many as it may be given at once, so that it is seldom asked for more than it has room for. */
  #advance(line: Line): void {
    // One that had no room is asked with one reply, until it has taken one.
    const mostUnderWay = line.retryMs > RETRY_MS.first ? 1 : UNREAD_REPLIES
    while (!line.isStalled && line.underWay < mostUnderWay) {
      const reply = line.waiting.shift()
      if (reply === undefined) break
      line.underWay += 1
      void this.#give(line, reply)
    }
    if (line.underWay > 0 || line.waiting.length > 0) return
    line.timer?.cancel()
    this.#lines.delete(line.client)
    this.#changed()
  }

  async #give(line: Line, reply: WaitingReply): Promise<void> {
    const { client, frames, sizeBytes } = reply
    let error: unknown
    try {
      await this.#socket.send(frames)
    } catch (thrown) {
      error = thrown
    }
    line.underWay -= 1
    if (error === undefined) {
      this.#unread.take(client, sizeBytes, this.#clock.now())
      line.retryMs = RETRY_MS.first
      line.takenMs = this.#clock.now()
    } else if (error instanceof HostUnreachableError) {
      this.#drop(reply, 'gone')
      this.#dropAll(line, 'gone')
      this.#unread.gone(client)
    } else {
      line.waiting.unshift(reply)
      this.#stall(line)
    }
    this.#advance(line)
    this.#changed()
  }

  /** ZeroMQ has no room for a client: it is asked again later, as long as the client may still be reading. */
  #stall(line: Line): void {
    if (this.#isClosed || this.#clock.now() - line.takenMs >= UNREAD_MS) {
      this.#dropAll(line, 'unread')
      return
    }
    if (line.isStalled) return
    line.isStalled = true
    line.timer = this.#clock.after(line.retryMs, () => {
      line.isStalled = false
      this.#advance(line)
    })
    line.retryMs = Math.min(2 * line.retryMs, RETRY_MS.longest)
  }

  #dropAll(line: Line, why: Undelivered): void {
    line.timer?.cancel()
    line.isStalled = false
    for (const reply of line.waiting.splice(0)) this.#drop(reply, why)
  }

  #drop({ client, sizeBytes }: WaitingReply, why: Undelivered): void {
    this.#undelivered[why] += 1
    this.#unread.drop(client, sizeBytes)
  }
}

function sizeOf(frames: readonly Frame[]): number {
  let bytes = 0
  for (const frame of frames) bytes += typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength
  return bytes
}
