import { parseEndpoint } from '@zera/core'
import { readServiceName } from './mdp.js'

/** Checks where a client or a worker connects to, and the service. @throws {EndpointError} @throws {RangeError} */
export function checkEndpointAndService(action: string, broker: string, service: string): void {
  parseEndpoint(broker)
  if (readServiceName(Buffer.from(service)) === undefined) throw new RangeError(`Cannot ${action}: the name of a service has 1 to 255 printable bytes, which "${service}" has not`)
}

/** Checks numbers. @throws {RangeError} When one is not more than 0. */
export function expectMoreThanZero(action: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value !== 'number' || !(value > 0)) throw new RangeError(`Cannot ${action}: ${name} must be a number of more than 0, not ${String(value)}`)
  }
}
