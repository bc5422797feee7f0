import type { Clock } from '@zera/core'
import { describeThrown, inRootContext } from '@zera/core/internal'
import { BoundedLines } from '../base/bounded-lines.js'
import { printable } from '../base/shown-text.js'
import { failureLine, type GatewayFailure } from './calls/gateway-failure.js'

/**
 * Reports failures to the gateway's operator: through `onFailure`, if there is one, or in lines. When there are too
 * many lines, it says how many it has left out.
 */
export class FailureLog {
  readonly #onFailure: ((failure: GatewayFailure) => void) | undefined
  readonly #lines: BoundedLines

  constructor(
    clock: Clock,
    onFailure: ((failure: GatewayFailure) => void) | undefined,
    write?: (line: string) => void,
  ) {
    this.#onFailure = onFailure
    this.#lines = new BoundedLines(clock, write)
  }

  /** Tells of a failure. It never throws. */
  add(failure: GatewayFailure): void {
    if (this.#onFailure === undefined) {
      this.#lines.write(failureLine(failure))
      return
    }
    try {
      inRootContext(() => this.#onFailure?.(failure))
    } catch (error) {
      this.fault('onFailure has thrown', error)
    }
  }

  /** Logs a fault that does not belong to a call. */
  fault(what: string, error: unknown): void {
    this.#lines.write(printable(`gateway: ${what}: ${describeThrown(error)}`))
  }
}
