import { WouldBlockError, type Clock, type Frame } from '@zera/core'
import { Queue } from '@zera/core/internal'
import type { BrokerRequest } from '../broker-service.js'
import type { BrokerSend } from '../broker-state.js'
import { heldBytesOf, keepFrames } from '../protocol/held-frames.js'
import { ReplyShares } from './reply-shares.js'

/**
 * How often a send to a client without room is retried at once, as long as that copies no more bytes than these. A
 * client that reads has room within the time of a try.
 */
const TRIES_AT_ONCE = 20
const BYTES_AT_ONCE = 64 * 1024
/**
 * Milliseconds until a send to a client without room is retried; they double up to the last. ZeroMQ gives no sign of
 * room at one peer, and each try copies the reply, so large ones are tried less often.
 */
const FIRST_AGAIN_MS = 1
const LAST_AGAIN_MS = 100
const BYTES_PER_MS = 100 * 1024

/** The options of the lanes. */
export interface ReplyLanesOptions {
  /** Gives a message to ZeroMQ, which refuses it when its peer has gone, or has no room. */
  readonly send: (frames: readonly Frame[]) => Promise<void>
  /** One was not sent. */
  readonly undelivered: (send: BrokerSend) => void
  /** Fewer bytes are moving. */
  readonly changed: () => void
  readonly clock: Clock
  /** Bytes of all replies that wait, or may not have been read. A client gets no more of them than it leaves to others. */
  readonly maxBytes: number
  /** Milliseconds without room after which all that waits for a client is dropped. */
  readonly patienceMs: number
}

interface Waiting {
  send: BrokerSend
  readonly bytes: number
  isDropped?: boolean
}

interface Lane {
  readonly client: string
  readonly waiting: Queue<Waiting>
  bytes: number
  /** Times that ZeroMQ had no room for the first one. */
  tries: number
  againMs: number
  /** Whether its client has no room, and when all of it is dropped then. */
  isStuck: boolean
  untilMs: number
}

/**
 * The replies on their way to clients, a lane for each connection: in order, one at a time, and retried while it does
 * not read. A lane exists as long as something waits in it.
 */
export class ReplyLanes {
  readonly #options: ReplyLanesOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #shares: ReplyShares
  /** Bytes of all that waits here. */
  #waitingBytes = 0
  /** Bytes in lanes whose clients have no room. */
  #stuckBytes = 0
  #isFlushed = false

  constructor(options: ReplyLanesOptions) {
    this.#options = options
    this.#shares = new ReplyShares(options.maxBytes)
  }

  /** Bytes of the replies that are on their way to ZeroMQ, without those whose clients do not read. */
  get movingBytes(): number {
    return this.#waitingBytes - this.#stuckBytes
  }

  add(send: BrokerSend): void {
    const client = (send.frames[0] as Buffer).toString('latin1')
    const bytes = heldBytesOf(send.frames)
    let lane = this.#lanes.get(client)
    if (!this.#shares.take(client, bytes, this.#options.clock.now())) {
      // Without this part the others are useless.
      const dropped = lane !== undefined && send.partOf !== undefined ? this.#dropParts(lane, send.partOf) : []
      for (const undelivered of [send, ...dropped]) this.#options.undelivered(undelivered)
      return
    }
    if (lane !== undefined) return this.#put(lane, { send: kept(send), bytes })
    lane = {
      client,
      waiting: new Queue(),
      bytes: 0,
      tries: 0,
      againMs: FIRST_AGAIN_MS,
      isStuck: false,
      untilMs: Infinity,
    }
    this.#lanes.set(client, lane)
    this.#put(lane, { send, bytes })
    void this.#run(lane)
  }

  /**
   * Gives all that waits to ZeroMQ, whether it has room or not: the socket is about to close. Clients that do not read
   * get no more.
   */
  flush(): void {
    this.#isFlushed = true
    for (const lane of this.#lanes.values()) {
      if (lane.isStuck) this.#drop(lane)
      // The first one is on its way.
      this.#take(lane)
      for (let next = this.#take(lane); next !== undefined; next = this.#take(lane)) {
        const { send } = next
        this.#options.send(send.frames).catch(() => this.#options.undelivered(send))
      }
    }
  }

  async #run(lane: Lane): Promise<void> {
    for (let next = lane.waiting.peek(); next !== undefined; next = lane.waiting.peek()) {
      const { send } = next
      const error = await this.#try(send)
      if (lane.waiting.peek() !== next) {
        // It was flushed meanwhile.
        if (error !== undefined && next.isDropped !== true) this.#options.undelivered(send)
      } else if (error === undefined) {
        this.#go(lane)
        this.#take(lane)
        this.#shares.sent(lane.client, next.bytes, this.#options.clock.now())
        this.#options.changed()
      } else if (error instanceof WouldBlockError && !this.#isFlushed && this.#options.clock.now() < lane.untilMs) {
        lane.tries += 1
        if (lane.tries > TRIES_AT_ONCE || lane.tries * next.bytes > BYTES_AT_ONCE) await this.#wait(lane, next)
      } else {
        if (!(error instanceof WouldBlockError)) this.#shares.gone(lane.client)
        this.#drop(lane)
      }
    }
    this.#lanes.delete(lane.client)
  }

  async #try({ frames }: BrokerSend): Promise<unknown> {
    try {
      await this.#options.send(frames)
      return undefined
    } catch (error) {
      return error
    }
  }

  /** Waits a while for room. */
  async #wait(lane: Lane, first: Waiting): Promise<void> {
    const { clock, patienceMs } = this.#options
    if (!lane.isStuck) {
      lane.isStuck = true
      lane.untilMs = clock.now() + patienceMs
      this.#stuckBytes += lane.bytes
      first.send = kept(first.send)
      this.#options.changed()
    }
    await new Promise<void>(resolve => clock.after(lane.againMs * (1 + first.bytes / BYTES_PER_MS), resolve))
    lane.againMs = Math.min(2 * lane.againMs, LAST_AGAIN_MS)
  }

  /** There was room, or it is not waited for. */
  #go(lane: Lane): void {
    if (lane.isStuck) this.#stuckBytes -= lane.bytes
    lane.isStuck = false
    lane.tries = 0
    lane.untilMs = Infinity
    lane.againMs = FIRST_AGAIN_MS
  }

  #drop(lane: Lane): void {
    this.#go(lane)
    const dropped = this.#takeAll(lane)
    for (const waiting of dropped) {
      waiting.isDropped = true
      this.#shares.drop(lane.client, waiting.bytes)
    }
    this.#options.changed()
    // What follows from it may wait in this lane.
    for (const { send } of dropped) this.#options.undelivered(send)
  }

  /** Drops the parts of a reply that wait, but for one that is on its way. */
  #dropParts(lane: Lane, request: BrokerRequest): BrokerSend[] {
    const dropped: BrokerSend[] = []
    const [first, ...others] = this.#takeAll(lane)
    if (first !== undefined) this.#put(lane, first)
    for (const waiting of others) {
      if (waiting.send.partOf === request) {
        this.#shares.drop(lane.client, waiting.bytes)
        dropped.push(waiting.send)
      } else this.#put(lane, waiting)
    }
    return dropped
  }

  #takeAll(lane: Lane): Waiting[] {
    const all: Waiting[] = []
    for (let next = this.#take(lane); next !== undefined; next = this.#take(lane)) all.push(next)
    return all
  }

  #put(lane: Lane, waiting: Waiting): void {
    lane.waiting.add(waiting)
    lane.bytes += waiting.bytes
    this.#waitingBytes += waiting.bytes
    if (lane.isStuck) this.#stuckBytes += waiting.bytes
  }

  #take(lane: Lane): Waiting | undefined {
    const next = lane.waiting.take()
    if (next === undefined) return undefined
    lane.bytes -= next.bytes
    this.#waitingBytes -= next.bytes
    if (lane.isStuck) this.#stuckBytes -= next.bytes
    return next
  }
}

function kept(send: BrokerSend): BrokerSend {
  return { ...send, frames: keepFrames(send.frames) }
}
