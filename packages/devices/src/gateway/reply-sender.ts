import { HostUnreachableError, type Frame, type SendingSocket } from '@zera/core'
import type { Clock } from '../clock.js'
import { UNREAD_MS, type UnreadReplies } from './unread-replies.js'

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

interface Queued {
  readonly replies: WaitingReply[]
  retryMs: number
  /** When ZeroMQ had room for this client the last time. */
  roomMs: number
  cancel: () => void
}

/** Milliseconds until ZeroMQ is asked again whether it has room for a client, since it gives no sign; twice as many each time. */
const RETRY_MS = { first: 1, longest: 200 } as const

/**
 * Sends the replies of a gateway. ZeroMQ is given few at a time for each client, so that it does not keep much for one that does not read; the others wait here, where they are counted. A client holds
 * up itself alone. What it does not read within 30 seconds, or what is too much, is dropped and counted.
 */
export class ReplySender {
  readonly #socket: Pick<SendingSocket, 'send'>
  readonly #clock: Clock
  readonly #unread: UnreadReplies
  readonly #maxWaiting: number
  readonly #changed: () => void
  readonly #queues = new Map<string, Queued>()
  readonly #undelivered: Record<Undelivered, number> = { gone: 0, unread: 0 }
  #underWay = 0
  #isClosed = false

  /** @param maxWaiting Replies that may wait for one client. @param changed Called when one was sent or dropped. */
  constructor(socket: Pick<SendingSocket, 'send'>, clock: Clock, unread: UnreadReplies, maxWaiting: number, changed: () => void) {
    this.#socket = socket
    this.#clock = clock
    this.#unread = unread
    this.#maxWaiting = maxWaiting
    this.#changed = changed
  }

  /** Whether nothing waits. */
  get isIdle(): boolean {
    return this.#underWay === 0 && this.#queues.size === 0
  }

  /** Replies that were not delivered, by why. */
  get undelivered(): Readonly<Record<Undelivered, number>> {
    return { ...this.#undelivered }
  }

  send(reply: Reply): void {
    const waiting = { ...reply, sizeBytes: sizeOf(reply.frames) }
    this.#unread.hold(reply.client, waiting.sizeBytes, this.#clock.now())
    const queued = this.#queues.get(reply.client)
    if (queued === undefined) void this.#try(waiting)
    else this.#enqueue(waiting, queued)
  }

  /** Drops all that waits. */
  close(): void {
    this.#isClosed = true
    for (const client of this.#queues.keys()) this.#dropAll(client, 'unread')
  }

  /** Gives one to ZeroMQ, or has it wait. */
  async #try(reply: WaitingReply): Promise<void> {
    this.#underWay += 1
    const outcome = await this.#give(reply)
    this.#underWay -= 1
    if (outcome === 'gone') this.#dropAll(reply.client, 'gone')
    if (outcome === 'full') this.#enqueue(reply, this.#queueOf(reply.client))
    this.#changed()
  }

  async #give(reply: WaitingReply): Promise<'taken' | 'gone' | 'full'> {
    const { client, frames, sizeBytes } = reply
    try {
      await this.#socket.send(frames)
      this.#unread.take(client, sizeBytes, this.#clock.now())
      return 'taken'
    } catch (error) {
      if (!(error instanceof HostUnreachableError) && !this.#isClosed) return 'full'
      this.#drop(reply, this.#isClosed ? 'unread' : 'gone')
      this.#unread.gone(client)
      return 'gone'
    }
  }

  #enqueue(reply: WaitingReply, queued: Queued): void {
    if (queued.replies.length >= this.#maxWaiting || !this.#unread.isWithin) this.#drop(reply, 'unread')
    else queued.replies.push(reply)
  }

  #queueOf(client: string): Queued {
    const known = this.#queues.get(client)
    if (known !== undefined) return known
    const queued: Queued = { replies: [], retryMs: RETRY_MS.first, roomMs: this.#clock.now(), cancel: () => undefined }
    this.#queues.set(client, queued)
    this.#retryLater(client, queued)
    return queued
  }

  #retryLater(client: string, queued: Queued): void {
    queued.cancel = this.#clock.after(queued.retryMs, () => void this.#retry(client, queued))
    queued.retryMs = Math.min(2 * queued.retryMs, RETRY_MS.longest)
  }

  async #retry(client: string, queued: Queued): Promise<void> {
    for (let reply = queued.replies.shift(); reply !== undefined; reply = queued.replies.shift()) {
      this.#underWay += 1
      const outcome = await this.#give(reply)
      this.#underWay -= 1
      const isCurrent = this.#queues.get(client) === queued
      if (outcome === 'full' && !isCurrent) this.#drop(reply, 'gone')
      if (outcome === 'full' && isCurrent) queued.replies.unshift(reply)
      if (outcome === 'gone' && isCurrent) this.#dropAll(client, 'gone')
      if (outcome !== 'taken' || !isCurrent) break
      queued.retryMs = RETRY_MS.first
      queued.roomMs = this.#clock.now()
      this.#changed()
    }
    this.#goOn(client, queued)
  }

  /** After a try: more of them, or the end of a queue. */
  #goOn(client: string, queued: Queued): void {
    if (this.#queues.get(client) !== queued) return
    if (queued.replies.length > 0 && this.#clock.now() - queued.roomMs < UNREAD_MS) this.#retryLater(client, queued)
    else this.#dropAll(client, 'unread')
  }

  #dropAll(client: string, why: Undelivered): void {
    const queued = this.#queues.get(client)
    if (queued === undefined) return
    this.#queues.delete(client)
    queued.cancel()
    for (const reply of queued.replies.splice(0)) this.#drop(reply, why)
    this.#changed()
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
