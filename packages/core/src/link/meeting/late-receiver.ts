import { guarded } from '../../base/errors/uncaught.js'
import type { LinkReceiver } from '../link-receiver.js'
import type { Signal } from '../signal.js'

/** Keeps what arrives on a link until a receiver is there to take it. */
export class LateReceiver implements LinkReceiver {
  readonly #early: ((receiver: LinkReceiver) => void)[] = []
  #receiver: LinkReceiver | undefined

  /** Sets the receiver; passes on at once, in order, what has arrived before. */
  receive(receiver: LinkReceiver): void {
    this.#receiver = receiver
    for (const pass of this.#early.splice(0)) pass(receiver)
  }

  message(body: unknown, slot: number): void {
    if (this.#receiver === undefined) this.#early.push(receiver => receiver.message(body, slot))
    else this.#receiver.message(body, slot)
  }

  signal(signal: Signal, handedOver: unknown): void {
    if (this.#receiver === undefined)
      this.#early.push(receiver => void guarded(() => receiver.signal(signal, handedOver)))
    else this.#receiver.signal(signal, handedOver)
  }
}
