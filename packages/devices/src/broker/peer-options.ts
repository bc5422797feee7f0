import { parseEndpoint } from '@zera/core'
import { readServiceName } from './mdp.js'

/** Checks where a client or a worker connects to, and the service. @throws {EndpointError} @throws {RangeError} */
export function checkEndpointAndService(action: string, broker: string, service: string): void {
  parseEndpoint(broker)
  if (readServiceName(Buffer.from(service)) === undefined) throw new RangeError(`Cannot ${action}: the name of a service has 1 to 255 printable bytes, which "${service}" has not`)
}
