import { throwUncaught, toError, unowned } from '@zera/core/internal'
import { thenOf, whenSettled, type Then } from '../../model/time/thenable.js'
import type { Envelope } from '../envelope.js'
import type { Recipient } from '../recipients.js'

type Method = (...args: unknown[]) => unknown

/**
 * Puts a plain object of the system at an address. Unlike an actor it handles many messages at a time, because what it
 * does for one (start an actor) may wait for what it does for another.
 *
 * Only the methods of the object and of its class are reachable, not inherited ones.
 */
export class ServiceCell implements Recipient {
  readonly #service: object
  readonly #methods: ReadonlyMap<string, Method>
  readonly #deadLetter: (envelope: Envelope) => void

  /** @param deadLetter Takes a tell for a method that the service does not have. */
  constructor(service: object, deadLetter: (envelope: Envelope) => void) {
    this.#service = service
    this.#methods = methodsOf(service)
    this.#deadLetter = deadLetter
  }

  deliver(envelope: Envelope): void {
    const method = this.#methods.get(envelope.method)
    if (method === undefined) {
      this.#refuse(envelope)
      return
    }
    envelope.origin.begin(envelope)
    let value: unknown
    let then: Then | undefined
    try {
      // The system owns what it opens, whichever actor of this thread wants it.
      value = unowned(() => Reflect.apply(method, this.#service, envelope.args))
      then = thenOf(value)
    } catch (error) {
      this.#threw(envelope, error)
      return
    }
    if (then === undefined) this.#returned(envelope, value)
    else
      whenSettled(
        value,
        then,
        settled => this.#returned(envelope, settled),
        (error: unknown) => this.#threw(envelope, error),
      )
  }

  withdraw(): void {
    // The system finishes what it has begun.
  }

  #returned(envelope: Envelope, value: unknown): void {
    try {
      if (envelope.kind === 'ask') envelope.origin.answer(envelope, value)
    } catch (error) {
      this.#threw(envelope, error)
      return
    }
    envelope.origin.finish(envelope)
  }

  /** A tell of the system has no one to report a failure to; its services report what goes wrong as events. */
  #threw(envelope: Envelope, thrown: unknown): void {
    try {
      if (envelope.kind !== 'tell') envelope.origin.refuse(envelope, { kind: 'threw', error: toError(thrown) })
    } catch (error) {
      throwUncaught(error)
    } finally {
      envelope.origin.finish(envelope)
    }
  }

  #refuse(envelope: Envelope): void {
    if (envelope.kind === 'tell') this.#deadLetter(envelope)
    else envelope.origin.refuse(envelope, { kind: 'unknown-method' })
    envelope.origin.finish(envelope)
  }
}

function methodsOf(service: object): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>()
  const prototype: unknown = Object.getPrototypeOf(service)
  for (const owner of prototype === Object.prototype ? [service] : [prototype as object, service]) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (typeof value === 'function' && name !== 'constructor') methods.set(name, value as Method)
  }
  return methods
}
