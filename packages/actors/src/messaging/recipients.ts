import type { Envelope } from './envelope.js'
import type { Recipient } from './services/service-cell.js'

/**
 * Who takes messages on one host, by id.
 *
 * After a thread's death its actors come back one by one. Messages for those who are to come are kept for them; until
 * the host is open, that may be anybody. From then on a message for anybody else has no target.
 */
export class Recipients {
  readonly #refuse: (envelope: Envelope) => void
  readonly #byId = new Map<number, Recipient>()
  readonly #kept = new Map<number, Set<Envelope>>()
  #isOpen = false

  /** @param refuse Is given each message that has no target. */
  constructor(refuse: (envelope: Envelope) => void) {
    this.#refuse = refuse
  }

  /** Puts somebody at an id. What was kept for it comes first, before anything that arrives later. */
  add(id: number, recipient: Recipient): void {
    this.#byId.set(id, recipient)
    for (const envelope of this.#takeKept(id)) recipient.deliver(envelope)
  }

  get(id: number): Recipient | undefined {
    return this.#byId.get(id)
  }

  all(): Iterable<Recipient> {
    return this.#byId.values()
  }

  /** Takes somebody away who will not come back, or will not come. */
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

  /** Withdraws a message. Returns whether it was kept here, and so nobody has seen it. */
  withdraw(envelope: Envelope): boolean {
    const { to } = envelope
    this.#byId.get(to)?.withdraw(envelope)
    return this.#kept.get(to)?.delete(envelope) === true
  }

  /** Opens the host: messages are kept for those alone who are expected, until they are added or removed. */
  open(expected: Iterable<number> = []): void {
    this.#isOpen = true
    const ids = new Set(expected)
    for (const id of ids) if (!this.#byId.has(id) && !this.#kept.has(id)) this.#kept.set(id, new Set())
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.remove(id)
  }

  #takeKept(id: number): Iterable<Envelope> {
    const kept = this.#kept.get(id) ?? []
    this.#kept.delete(id)
    return kept
  }
}
