import { describeThrown } from '@zera/core/internal'
import { printable } from '../../base/shown-text.js'
import type { RequestId } from './gateway-request.js'

/** A call that failed for a reason that its client does not see. */
export interface GatewayFailure {
  /** What the client got instead of the reason. It identifies the failure in the log. */
  readonly incident: string
  /**
   * `failed`: it threw. `bad-result`: its result is not JSON, is a stream, or is too large. `deadline`: it took longer
   * than the gateway allows.
   */
  readonly fault: 'failed' | 'bad-result' | 'deadline'
  readonly actor: string
  readonly method: string
  /** The routing id of the client's connection, in hexadecimal digits. */
  readonly client: string
  readonly id: RequestId
  /** Whether the client had its answer already: the error that the call has reached its deadline. */
  readonly isLate: boolean
  /** What was thrown, made an Error that can be read. */
  readonly error: Error
}

/** A failure in one line of text, whatever is in it. */
export function failureLine({ incident, fault, actor, method, client, id, isLate, error }: GatewayFailure): string {
  const call = `${actor}.${method}, incident ${incident}, of client ${client}, id ${JSON.stringify(id)}`
  return printable(`gateway: ${fault}${isLate ? ' late' : ''}: ${call}: ${describeThrown(error)}`)
}
