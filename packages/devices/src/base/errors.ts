import { ZeraError } from '@zera/core'
import type { BrokerFault } from '../broker/protocol/error-reply.js'

/** A broker, or a worker behind it, answered a request with an error. `fault` says which. */
export class BrokerReplyError extends ZeraError {
  override readonly name = 'BrokerReplyError'
  readonly service: string
  readonly fault: BrokerFault

  constructor(service: string, fault: BrokerFault, text: string) {
    super('ZERA_BROKER_REPLY', text)
    this.service = service
    this.fault = fault
  }
}

/** The lists of a broker would not say who is a client and who a worker. Nothing was changed. */
export class BrokerRolesError extends ZeraError {
  override readonly name = 'BrokerRolesError'

  constructor(action: string, problem: string) {
    super('ZERA_BROKER_ROLES', `Cannot ${action}: ${problem}`)
  }
}

/** What answered a request is none of the protocol that the client speaks. The request may have been handled. */
export class BrokerProtocolError extends ZeraError {
  override readonly name = 'BrokerProtocolError'
  readonly service: string

  constructor(service: string, broker: string, problem: string) {
    super('ZERA_BROKER_PROTOCOL', `Cannot read the reply of ${service} from ${broker}: ${problem}; look whether a Majordomo broker of the same version is there`)
    this.service = service
  }
}

/** A broker did not answer in time. Whether a worker has handled the request is not known; ask again if that does no harm. */
export class BrokerTimeoutError extends ZeraError {
  override readonly name = 'BrokerTimeoutError'
  readonly service: string
  readonly timeoutMs: number

  constructor(service: string, broker: string, timeoutMs: number) {
    super('ZERA_BROKER_TIMEOUT', `Cannot get a reply from ${service}: the broker at ${broker} has not answered within ${timeoutMs} ms; ask again, or allow more with timeoutMs`)
    this.service = service
    this.timeoutMs = timeoutMs
  }
}

/**
 * What a target of a gateway throws for its client to read: the client gets the text, and nothing is logged. The texts of all other errors stay in the gateway's process.
 *
 * It is `expose` that counts, as in http-errors: an error of any class that has it as true is shown.
 *
 * @example
 * ```ts
 * call: (_method, [id]) => {
 *   if (!orders.has(id)) throw new GatewayError('there is no such order')
 *   return orders.get(id)
 * }
 * ```
 */
export class GatewayError extends ZeraError {
  override readonly name = 'GatewayError'
  readonly expose = true

  constructor(message: string, options?: ErrorOptions) {
    super('ZERA_GATEWAY', message, options)
  }
}

/** A device has ended, so it can do nothing more. Start a new one. */
export class DeviceEndedError extends ZeraError {
  override readonly name = 'DeviceEndedError'

  constructor(device: string, verb: string) {
    super('ZERA_DEVICE_ENDED', `Cannot ${verb} the ${device}: it has ended, or was stopped; start a new one`)
  }
}
