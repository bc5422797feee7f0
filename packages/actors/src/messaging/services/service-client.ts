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

/** Calls the service that has an id on a host, by its type. */
export function serviceAt<S extends object>(
  carrier: ServiceCarrier,
  target: Address,
  turn: Turn = 'first',
): ServiceClient<S> {
  const tell = methodTable(
    {},
    method =>
      (...args: unknown[]) =>
        carrier.tellService(target, method, args, turn),
  )
  const asking = (base: object, givenUp?: AbortSignal): object =>
    methodTable(
      base,
      method =>
        (...args: unknown[]) =>
          carrier.askService(target, method, args, turn, givenUp),
    )
  return asking({ tell, until: (givenUp?: AbortSignal) => asking({}, givenUp) }) as ServiceClient<S>
}
