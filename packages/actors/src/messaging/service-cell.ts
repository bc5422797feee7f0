import { toError, unowned } from '@zera/core/internal'
import type { Envelope } from './envelope.js'

/** Where the messages of a recipient wait, as its senders see it. */
export interface WaitingRoom {
  readonly size: number
  /** Whether senders are refused. */
  readonly isClosedToSenders: boolean
  /** Whether senders are asked to wait. */
  readonly isAboveMark: boolean
  /** Resolves when it is below its mark. */
  ready(): Promise<void>
}

/** What takes messages at an address: an actor's cell, or a service of the system. */
export interface Recipient {
  /** Where its messages wait, if they do. */
  readonly mailbox?: WaitingRoom
  deliver(envelope: Envelope): void
  /** The asker has given up. */
  withdraw(envelope: Envelope): void
}

/**
 * Puts a plain object of the system at an address. Unlike an actor it handles many messages at a time, because what it
 * does for one (start an actor) may wait for what it does for another.
 */
export class ServiceCell implements Recipient {
  readonly #service: Record<string, (...args: unknown[]) => unknown>

  constructor(service: object) {
    this.#service = service as Record<string, (...args: unknown[]) => unknown>
  }

  deliver(envelope: Envelope): void {
    envelope.origin.begin(envelope)
    void this.#handle(envelope)
  }

  withdraw(): void {
    // The system finishes what it has begun.
  }

  async #handle(envelope: Envelope): Promise<void> {
    try {
      // What the system opens is its own, whichever actor of this thread wants it.
      const value = await unowned(() => this.#service[envelope.method]?.(...envelope.args))
      if (envelope.kind === 'ask') envelope.origin.answer(envelope, value)
    } catch (error) {
      // A tell of the system has nobody to fail to; its services report what goes wrong as events.
      if (envelope.kind !== 'tell') envelope.origin.refuse(envelope, { kind: 'threw', error: toError(error) })
    } finally {
      envelope.origin.finish(envelope)
    }
  }
}
