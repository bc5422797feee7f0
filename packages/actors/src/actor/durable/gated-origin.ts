import { toError, whenSending } from '@zera/core/internal'
import type { Envelope, Origin, Refusal } from '../../messaging/envelope.js'
import type { OutputGate } from '../../messaging/output-gate.js'

/**
 * The origin of a message to a durable actor: an answer waits at the gate, as it was when it was given. An error does
 * not, since it says that nothing counts.
 */
export class GatedOrigin implements Origin {
  readonly host: number
  readonly #origin: Origin
  readonly #gate: Pick<OutputGate, 'hold'>
  readonly #copy: (values: readonly unknown[]) => unknown[]

  /** @param copy Copies values as a message would. */
  constructor(origin: Origin, gate: Pick<OutputGate, 'hold'>, copy: (values: readonly unknown[]) => unknown[]) {
    this.host = origin.host
    this.#origin = origin
    this.#gate = gate
    this.#copy = copy
  }

  begin(envelope: Envelope): boolean | void {
    return this.#origin.begin(envelope)
  }

  finish(envelope: Envelope): void {
    this.#origin.finish(envelope)
  }

  refuse(envelope: Envelope, refusal: Refusal): void {
    this.#origin.refuse(envelope, refusal)
  }

  answer(envelope: Envelope, value: unknown): void {
    const [copy] = this.#copy([value])
    this.#gate.hold(() => {
      try {
        this.#origin.answer(envelope, copy)
      } catch (error) {
        const unsent = whenSending(`the answer of ${envelope.method}()`, error)
        this.#origin.refuse(envelope, { kind: 'threw', error: toError(unsent) })
      }
    })
  }

  item(envelope: Envelope, value: unknown): void {
    const [copy] = this.#copy([value])
    this.#gate.hold(() => this.#origin.item(envelope, copy))
  }
}
