import type { Envelope } from './envelope.js'
import type { Recipient } from './service-cell.js'

/**
 * Who takes messages on one host, by id.
 *
 * Until it is open, messages for those who are not there yet are kept for them: after a thread's death they come back one by one. From then on
 * such a message has no target.
 */
export class Recipients {
  readonly #refuse: (envelope: Envelope) => void
  readonly #byId = new Map<number, Recipient>()
  #kept: Map<number, Envelope[]> | undefined = new Map()

  /** @param refuse Is given each message that has no target. */
  constructor(refuse: (envelope: Envelope) => void) {
    this.#refuse = refuse
  }

  /** Puts somebody at an id. What was kept for it comes first, before anything that arrives later. */
  add(id: number, recipient: Recipient): void {
    this.#byId.set(id, recipient)
    const kept = this.#kept?.get(id) ?? []
    this.#kept?.delete(id)
    for (const envelope of kept) recipient.deliver(envelope)
  }

  get(id: number): Recipient | undefined {
    return this.#byId.get(id)
  }

  remove(id: number): void {
    this.#byId.delete(id)
  }

  deliver(envelope: Envelope): void {
    const recipient = this.#byId.get(envelope.to)
    if (recipient !== undefined) recipient.deliver(envelope)
    else if (this.#kept === undefined) this.#refuse(envelope)
    else this.#keep(this.#kept, envelope)
  }

  /** Ends the time in which messages are kept: all who come back are there. */
  open(): void {
    const kept = [...(this.#kept?.values() ?? [])].flat()
    this.#kept = undefined
    for (const envelope of kept) this.#refuse(envelope)
  }

  #keep(kept: Map<number, Envelope[]>, envelope: Envelope): void {
    const ofRecipient = kept.get(envelope.to)
    if (ofRecipient === undefined) kept.set(envelope.to, [envelope])
    else ofRecipient.push(envelope)
  }
}
