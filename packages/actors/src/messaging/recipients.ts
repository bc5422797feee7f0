import type { DeadLetterReason } from '../model/events/dead-letter.js'
import { isKept, type Envelope } from './envelope.js'

/** Where the messages of a recipient wait, as its senders see it. */
interface WaitingRoom {
  readonly size: number
  /** Whether it is so full that senders are refused. */
  readonly isFullForSenders: boolean
  /** Whether senders are asked to wait. */
  readonly isAboveMark: boolean
  /** Resolves when it is below its mark. */
  ready(): Promise<void>
}

/** Takes messages at an address: an actor's cell, or a service of the system. */
export interface Recipient {
  /** Where its messages wait, if they do. */
  readonly mailbox?: WaitingRoom
  deliver(envelope: Envelope): void
  /** The asker has given up. */
  withdraw(envelope: Envelope): void
}

/**
 * The recipients of messages on one host, by id.
 *
 * After a thread's death its actors come back one by one. The host keeps messages for actors that are still to come;
 * until it is open, that may be any actor. From then on a message for any other id has no target.
 */
export class Recipients {
  readonly #deadLetter: (envelope: Envelope, reason: DeadLetterReason) => void
  readonly #byId = new Map<number, Recipient>()
  readonly #kept = new Map<number, Set<Envelope>>()
  #isOpen = false

  /** @param deadLetter Records a message that no recipient will handle. */
  constructor(deadLetter: (envelope: Envelope, reason: DeadLetterReason) => void) {
    this.#deadLetter = deadLetter
  }

  /** Puts a recipient at an id. It first gets the messages that were kept for it, before anything that arrives later. */
  add(id: number, recipient: Recipient): void {
    this.#byId.set(id, recipient)
    for (const envelope of this.#takeKept(id)) recipient.deliver(envelope)
  }

  get(id: number): Recipient | undefined {
    return this.#byId.get(id)
  }

  /** Removes a recipient that will not come back, or will not come at all. */
  remove(id: number): void {
    this.#byId.delete(id)
    for (const envelope of this.#takeKept(id)) this.#refuse(envelope)
  }

  deliver(envelope: Envelope): void {
    const { to } = envelope
    const recipient = this.#byId.get(to)
    if (recipient !== undefined) {
      recipient.deliver(envelope)
      return
    }
    const kept = this.#kept.get(to)
    if (kept !== undefined) kept.add(envelope)
    else if (this.#isOpen) this.#refuse(envelope)
    else this.#kept.set(to, new Set([envelope]))
  }

  /** Withdraws a message. If it was kept here, no recipient has seen it, and none will. */
  withdraw(envelope: Envelope): void {
    const { to } = envelope
    this.#byId.get(to)?.withdraw(envelope)
    if (this.#kept.get(to)?.delete(envelope) !== true) return
    this.#deadLetter(envelope, 'withdrawn')
    envelope.origin.finish(envelope)
  }

  /** Opens the host: it keeps messages only for expected recipients, until they are added or removed. */
  open(expected: Iterable<number> = []): void {
    this.#isOpen = true
    const ids = new Set(expected)
    for (const id of ids) if (!this.#byId.has(id) && !this.#kept.has(id)) this.#kept.set(id, new Set())
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.remove(id)
  }

  #refuse(envelope: Envelope): void {
    if (envelope.kind === 'tell') {
      if (!isKept(envelope)) this.#deadLetter(envelope, 'actor-stopped')
    } else envelope.origin.refuse(envelope, { kind: 'stopped' })
    envelope.origin.finish(envelope)
  }

  #takeKept(id: number): Iterable<Envelope> {
    const kept = this.#kept.get(id) ?? []
    this.#kept.delete(id)
    return kept
  }
}
