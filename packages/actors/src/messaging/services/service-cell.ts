import { toError, unowned } from '@zera/core/internal'
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
    void this.#handle(envelope, method)
  }

  withdraw(): void {
    // The system finishes what it has begun.
  }

  async #handle(envelope: Envelope, method: Method): Promise<void> {
    try {
      // The system owns what it opens, whichever actor of this thread wants it.
      const value = await unowned(() => Reflect.apply(method, this.#service, envelope.args))
      if (envelope.kind === 'ask') envelope.origin.answer(envelope, value)
    } catch (error) {
      // A tell of the system has no one to report a failure to; its services report what goes wrong as events.
      if (envelope.kind !== 'tell') envelope.origin.refuse(envelope, { kind: 'threw', error: toError(error) })
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
