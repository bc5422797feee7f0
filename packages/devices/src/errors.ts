import { ZeraError } from '@zera/core'
import type { BrokerFault } from './broker/error-reply.js'

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

/** A server could be reached from other machines, and has no keys to encrypt with. Nothing was opened. */
export class CurveRequiredError extends ZeraError {
  override readonly name = 'CurveRequiredError'
  readonly endpoint: string

  constructor(action: string, endpoint: string) {
    super(
      'ZERA_CURVE_REQUIRED',
      `Cannot ${action}: ${endpoint} can be reached from other machines, and there are no CURVE keys; make some with writeKeys or zera-device keygen and pass curve, or bind to 127.0.0.1 or ipc`,
    )
    this.endpoint = endpoint
  }
}

/** A file does not have keys that may be used, or could not be written. */
export class KeyFileError extends ZeraError {
  override readonly name = 'KeyFileError'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super('ZERA_KEY_FILE', `Cannot use the key file ${path}: ${problem}`, options)
    this.path = path
  }
}

/** Something else in this process authenticates the clients of its sockets already, and ZeroMQ knows one such place. `cause` is the refusal of its endpoint. */
export class AuthenticationError extends ZeraError {
  override readonly name = 'AuthenticationError'

  constructor(cause: Error) {
    super('ZERA_AUTHENTICATION', 'Cannot authenticate clients: another thread of this process does already; start all CURVE servers of a process in one thread', { cause })
  }
}

/** A device has ended, so it can do nothing more. Start a new one. */
export class DeviceEndedError extends ZeraError {
  override readonly name = 'DeviceEndedError'

  constructor(device: string, verb: string) {
    super('ZERA_DEVICE_ENDED', `Cannot ${verb} the ${device}: it has ended, or was stopped; start a new one`)
  }
}
