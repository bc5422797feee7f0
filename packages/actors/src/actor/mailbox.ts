import { Queue, Waiters } from '@zera/core/internal'
import { isKept, type Envelope } from '../messaging/envelope.js'
import type { MailboxStatistics, MailboxSpec } from '../model/mailbox-spec.js'

/**
 * The share of `maxMessages` above which senders should wait, and its maximum: each garbage collection copies messages
 * that wait for long.
 */
const MARK_SHARE = 1 / 8
const MOST_BELOW_MARK = 1024

/**
 * The messages that wait for one actor: urgent ones first, then those brought back from the stash, then the others,
 * each group in order of arrival.
 *
 * The system's messages to the actor, and the pulls of its streams, always find room; the streams' credit bounds the
 * pulls. It does no IO.
 */
export class Mailbox {
  readonly #spec: MailboxSpec
  readonly #urgentMethods: readonly string[]
  // Few actors ever have one of these.
  #urgent: Queue<Envelope> | undefined
  #unstashed: Queue<Envelope> | undefined
  readonly #others = new Queue<Envelope>()
  #stashed: Envelope[] = []
  /** In all queues together, and how many of these are pulls of streams. */
  #takeable = 0
  #pulls = 0
  #room: Waiters | undefined
  readonly #mark: number
  #received = 0
  #overflowed = 0
  #highest = 0
  #isClosed = false

  constructor(spec: MailboxSpec) {
    this.#spec = spec
    this.#urgentMethods = spec.urgent
    this.#mark = Math.min(spec.maxMessages * MARK_SHARE, MOST_BELOW_MARK)
  }

  /** Waiting messages, including stashed ones. */
  get size(): number {
    return this.#takeable + this.#stashed.length
  }

  /** Whether there is nothing to take. */
  get isEmpty(): boolean {
    return this.#takeable === 0
  }

  /** Whether a sender that can wait should. */
  get isAboveMark(): boolean {
    return this.size > this.#mark
  }

  /** Whether the mailbox is so full that it refuses senders on the same host. */
  get isFullForSenders(): boolean {
    const { overflow, maxMessages } = this.#spec
    return !this.#isClosed && (overflow === 'wait' || overflow === 'fail') && this.size >= maxMessages
  }

  get statistics(): MailboxStatistics {
    return { waiting: this.size, highest: this.#highest, received: this.#received, overflowed: this.#overflowed }
  }

  /** Its owner takes no more messages of senders, and finishes what is here. */
  close(): void {
    this.#isClosed = true
  }

  /** Whether nothing is left to take since it was closed but pulls of streams, which may go on for ever. */
  get isDrained(): boolean {
    return this.#isClosed && this.#takeable === this.#pulls
  }

  /** Resolves when the mailbox is below its mark. */
  async ready(): Promise<void> {
    this.#room ??= new Waiters()
    while (this.isAboveMark) await this.#room.wait()
  }

  /** Adds a message. Returns the one that gives way for it when the mailbox is full, which may be the message itself. */
  add(envelope: Envelope): Envelope | undefined {
    this.#received += 1
    const displaced = isLimited(envelope) ? this.#makeRoom(envelope) : undefined
    if (displaced !== undefined) this.#overflowed += 1
    if (displaced !== envelope) {
      ;(this.#isUrgent(envelope) ? (this.#urgent ??= new Queue()) : this.#others).add(envelope)
      if (displaced === undefined) this.#count(envelope, 1)
    }
    if (this.size > this.#highest) this.#highest = this.size
    return displaced
  }

  /** Takes the next message; undefined when there is none. */
  take(): Envelope | undefined {
    if (this.#takeable === 0) return undefined
    const envelope = this.#urgent?.take() ?? this.#unstashed?.take() ?? this.#others.take()
    if (envelope !== undefined) this.#count(envelope, -1)
    if (this.#room !== undefined && !this.isAboveMark) this.#room.wake()
    return envelope
  }

  /** Takes a message out, wherever it waits. Returns whether it was there. */
  remove(envelope: Envelope): boolean {
    const isIt = (waiting: Envelope): boolean => waiting === envelope
    const at = this.#stashed.findIndex(isIt)
    if (at >= 0) {
      this.#stashed.splice(at, 1)
      return true
    }
    const isThere = [this.#others, this.#unstashed, this.#urgent].some(queue => queue?.takeWhere(isIt) !== undefined)
    if (isThere) this.#count(envelope, -1)
    return isThere
  }

  /** Sets a message aside until `unstashAll`. */
  stash(envelope: Envelope): void {
    this.#stashed.push(envelope)
  }

  /** Puts back the stashed messages in the order in which they were stashed, ahead of all that are not urgent. */
  unstashAll(): void {
    if (this.#stashed.length === 0) return
    this.#takeable += this.#stashed.length
    this.#putAhead(this.#stashed.splice(0))
  }

  #putAhead(envelopes: readonly Envelope[]): void {
    const back = new Queue<Envelope>()
    for (const envelope of envelopes) back.add(envelope)
    for (let envelope = this.#unstashed?.take(); envelope !== undefined; envelope = this.#unstashed?.take())
      back.add(envelope)
    this.#unstashed = back
  }

  /** Puts messages that were taken ahead of all that are not urgent, in their order. */
  putBack(envelopes: readonly Envelope[]): void {
    if (envelopes.length === 0) return
    for (const envelope of envelopes) this.#count(envelope, 1)
    this.#putAhead(envelopes)
  }

  /** Takes out what senders have sent. */
  takeSent(): Envelope[] {
    this.unstashAll()
    const taken: Envelope[] = []
    for (const queue of [this.#urgent, this.#unstashed, this.#others])
      for (let envelope = queue?.takeWhere(isSent); envelope !== undefined; envelope = queue?.takeWhere(isSent)) {
        this.#count(envelope, -1)
        taken.push(envelope)
      }
    return taken
  }

  /** Takes everything out, unhandled. */
  *takeAll(): Generator<Envelope, void, void> {
    this.unstashAll()
    for (let envelope = this.take(); envelope !== undefined; envelope = this.take()) yield envelope
    this.#room?.wake()
  }

  #count(envelope: Envelope, change: 1 | -1): void {
    this.#takeable += change
    if (isPull(envelope)) this.#pulls += change
  }

  #isUrgent({ method }: Envelope): boolean {
    return this.#urgentMethods.length > 0 && this.#urgentMethods.includes(method)
  }

  #makeRoom(envelope: Envelope): Envelope | undefined {
    const { overflow, maxMessages } = this.#spec
    if (overflow === 'wait' || this.size < maxMessages) return undefined
    if (overflow !== 'drop-oldest') return envelope
    return (
      this.#unstashed?.takeWhere(isLimited) ??
      this.#others.takeWhere(isLimited) ??
      this.#urgent?.takeWhere(isLimited) ??
      envelope
    )
  }
}

/** A stream that is open already takes more, or ends. */
function isPull({ kind }: Envelope): boolean {
  return kind === 'more' || kind === 'close'
}

function isSent(envelope: Envelope): boolean {
  return isLimited(envelope) || isKept(envelope)
}

/** The system's messages, the pulls of streams, and what a store keeps always find room. */
export function isLimited({ kind, correlation }: Envelope): boolean {
  return (kind === 'tell' && correlation === 0) || kind === 'ask' || kind === 'stream'
}
