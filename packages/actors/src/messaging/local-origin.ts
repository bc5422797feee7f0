import { SlotMap } from '@zera/core/internal'
import type { Transport } from '../platform/transport.js'
import type { PendingAsks } from './asks/pending-asks.js'
import type { Envelope, Origin, Refusal } from './envelope.js'

/**
 * The origin of messages between actors of one host. It copies nothing, and counts the messages that it holds, because
 * they die with the thread.
 */
export class LocalOrigin implements Origin {
  readonly host: number
  readonly #asks: PendingAsks
  readonly #transport: Pick<Transport, 'hold'>
  readonly #asked = new SlotMap<Envelope>()

  /** @param transport Counts the messages that are held. */
  constructor(host: number, asks: PendingAsks, transport: Pick<Transport, 'hold'>) {
    this.host = host
    this.#asks = asks
    this.#transport = transport
  }

  /** Counts a message from here to here, and recognizes it when its asker withdraws it. */
  accept(envelope: Envelope): void {
    this.#transport.hold(1)
    if (envelope.kind === 'ask' || envelope.kind === 'stream') this.#asked.set(envelope.correlation, envelope)
  }

  /** The message of an ask that has no answer yet and whose asker has given up. */
  takeAsked(correlation: number): Envelope | undefined {
    const envelope = this.#asked.take(correlation)
    return envelope
  }

  begin(): void {
    // The cell knows what it handles; nothing else needs to.
  }

  finish(): void {
    this.#transport.hold(-1)
  }

  answer(envelope: Envelope, value: unknown): void {
    this.#asked.take(envelope.correlation)
    this.#asks.answer(envelope.correlation, value)
  }

  refuse(envelope: Envelope, refusal: Refusal): void {
    this.#asked.take(envelope.correlation)
    this.#asks.refuse(envelope.correlation, refusal)
  }

  item(envelope: Envelope, value: unknown): void {
    this.#asks.item(envelope.correlation, value)
  }
}
