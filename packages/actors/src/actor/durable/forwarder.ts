import { guarded } from '@zera/core/internal'
import type { Messenger } from '../../messaging/messenger.js'
import type { OutgoingMessage } from '../../messaging/outgoing-message.js'

/**
 * Sends on what one sender has kept. A sender before it, whose place it has, may have gone between its commit and that,
 * so the first message to each mailbox makes that look into the store, where those before it are.
 */
export class Forwarder {
  readonly #messenger: Pick<Messenger, 'forward'>
  readonly #followed = new Set<string>()
  /** Whether there may have been one before it. */
  mayFollow = true

  constructor(messenger: Pick<Messenger, 'forward'>) {
    this.#messenger = messenger
  }

  /** @param number The message's own in the store; 0 when it is handled already. */
  forward(message: OutgoingMessage, number: number): void {
    if (number === 0) return
    const isFirst = this.mayFollow && !this.#followed.has(message.to)
    if (isFirst) this.#followed.add(message.to)
    guarded(() => this.#messenger.forward(message, number, isFirst))
  }

  /** It has another place now. */
  reset(): void {
    this.#followed.clear()
  }
}
