import type { Address } from '../../model/address.js'
import { methodTable } from '../../model/refs/method-table.js'

/**
 * When a call to a service arrives. `first` overtakes waiting messages, which may wait for just this call. `last` comes
 * after everything sent before, also beyond the limit of the backlog. `in-turn` does too, but is refused when too many
 * messages wait.
 */
export type Turn = 'first' | 'last' | 'in-turn'

/** Carries calls to services: the messenger of a host. */
export interface ServiceCarrier {
  /** @param givenUp Drops the answer when it aborts. The service finishes what it has begun. */
  askService(target: Address, method: string, args: unknown[], turn: Turn, givenUp?: AbortSignal): Promise<unknown>
  tellService(target: Address, method: string, args: unknown[], turn: Turn): void
}

type Method = (...args: never[]) => unknown
type MethodName<S> = { [K in keyof S]: S[K] extends Method ? K : never }[keyof S]
type ToldName<S> = {
  [K in MethodName<S>]: S[K] extends (...args: never[]) => infer R ? ([R] extends [void] ? K : never) : never
}[MethodName<S>]

/** The methods of a service that return a promise or a value: each is called as it is, and answers. */
type AskedService<S> = {
  readonly [K in Exclude<MethodName<S>, ToldName<S>>]: S[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

/** The methods of a service that return nothing: the caller neither waits for them nor learns how they end. */
export type ToldService<S> = {
  readonly [K in ToldName<S>]: S[K] extends (...args: infer A) => void ? (...args: A) => void : never
}

/**
 * A service of the system on some host, as others call it: `await guardian.start(order)`, `guardian.tell.hurry(id)`.
 *
 * An ask has no deadline: the service answers, or its thread goes down. `until(signal)` asks as well, and drops the
 * answer when the signal aborts; the service finishes what it has begun. A tell does not become a dead letter when its
 * host goes down.
 */
export type ServiceClient<S> = AskedService<S> & {
  readonly tell: ToldService<S>
  until(givenUp: AbortSignal | undefined): AskedService<S>
}

/** Calls the service that has an id on a host, by its type. A client costs no more than an object of four fields. */
export function serviceAt<S extends object>(
  carrier: ServiceCarrier,
  target: Address,
  turn: Turn = 'first',
): ServiceClient<S> {
  return new Asking(carrier, target, turn) as unknown as ServiceClient<S>
}

/** The methods of a service, as asks. All clients of a thread share them: each name is made once. */
class Asking {
  readonly #carrier: ServiceCarrier
  readonly #target: Address
  readonly #turn: Turn
  readonly #givenUp: AbortSignal | undefined

  static {
    Object.setPrototypeOf(
      Asking.prototype,
      methodTable(
        {},
        method =>
          function (this: Asking, ...args: unknown[]) {
            return this.#carrier.askService(this.#target, method, args, this.#turn, this.#givenUp)
          },
      ),
    )
  }

  constructor(carrier: ServiceCarrier, target: Address, turn: Turn, givenUp?: AbortSignal) {
    this.#carrier = carrier
    this.#target = target
    this.#turn = turn
    this.#givenUp = givenUp
  }

  get tell(): Telling {
    return new Telling(this.#carrier, this.#target, this.#turn)
  }

  until(givenUp: AbortSignal | undefined): Asking {
    return new Asking(this.#carrier, this.#target, this.#turn, givenUp)
  }
}

/** The methods of a service, as tells. */
class Telling {
  readonly #carrier: ServiceCarrier
  readonly #target: Address
  readonly #turn: Turn

  static {
    Object.setPrototypeOf(
      Telling.prototype,
      methodTable(
        {},
        method =>
          function (this: Telling, ...args: unknown[]) {
            this.#carrier.tellService(this.#target, method, args, this.#turn)
          },
      ),
    )
  }

  constructor(carrier: ServiceCarrier, target: Address, turn: Turn) {
    this.#carrier = carrier
    this.#target = target
    this.#turn = turn
  }
}
