import { ZeraError } from '@zera/core'

/** Why a request got an error for a reply. */
export type BrokerFault =
  /** The request's time ended before any worker of the service was available. */
  | 'no-worker'
  /** The request's time ran out: it waited behind others, or its worker took too long. */
  | 'expired'
  /** A limit is reached: requests waiting for the service, bytes of all requests, or known services. */
  | 'queue-full'
  /** The request lost as many workers as it may try, or one that had already sent part of the reply. */
  | 'worker-lost'
  /**
   * The request or the reply is larger than messages may be. A client that speaks 0.1 gets partial replies as one
   * reply, so their sizes add up.
   */
  | 'too-large'
  /** The broker is stopping. */
  | 'stopping'
  /**
   * The worker's own handler failed. The text names an incident, by which the worker's operator finds the reason. For
   * an error with `expose: true`, it is the error's own text.
   */
  | 'failed'

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

/** The lists of a broker do not tell clients from workers. Nothing was changed. */
export class BrokerRolesError extends ZeraError {
  override readonly name = 'BrokerRolesError'

  constructor(action: string, problem: string) {
    super('ZERA_BROKER_ROLES', `Cannot ${action}: ${problem}`)
  }
}

/** The answer to a request does not follow the protocol that the client speaks. The request may have been handled. */
export class BrokerProtocolError extends ZeraError {
  override readonly name = 'BrokerProtocolError'
  readonly service: string

  constructor(service: string, broker: string, problem: string) {
    super(
      'ZERA_BROKER_PROTOCOL',
      `Cannot read the reply of ${service} from ${broker}: ${problem}; check that a Majordomo broker of the same version runs there`,
    )
    this.service = service
  }
}

/** A broker did not answer in time. A worker may or may not have handled the request; ask again if that does no harm. */
export class BrokerTimeoutError extends ZeraError {
  override readonly name = 'BrokerTimeoutError'
  readonly service: string
  readonly timeoutMs: number

  constructor(service: string, broker: string, timeoutMs: number) {
    super(
      'ZERA_BROKER_TIMEOUT',
      `Cannot get a reply from ${service}: the broker at ${broker} has not answered within ${timeoutMs} ms; ask again, or allow more with timeoutMs`,
    )
    this.service = service
    this.timeoutMs = timeoutMs
  }
}

/**
 * What a target of a gateway throws for its client to read: the client gets the text, and nothing is logged. The texts
 * of all other errors stay in the gateway's process.
 *
 * Only `expose` counts, as in http-errors: the client sees the text of an error of any class with `expose: true`.
 *
 * @example
 *   call: (_method, [id]) => {
 *     if (!orders.has(id)) throw new GatewayError('there is no such order')
 *     return orders.get(id)
 *   }
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
