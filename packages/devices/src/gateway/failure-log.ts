import type { Clock } from '@zera/core'
import { describeThrown, inRootContext } from '@zera/core/internal'
import { BoundedLines } from '../base/bounded-lines.js'
import { printable } from '../base/shown-text.js'
import { failureLine, type GatewayFailure } from './calls/gateway-failure.js'

/**
 * Tells whoever runs a gateway of failures: `onFailure`, if there is one, or in lines, as long as there are not too
 * many; then it says how many it has left out.
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

  /** Writes of a fault that is none of a call. */
  fault(what: string, error: unknown): void {
    this.#lines.write(printable(`gateway: ${what}: ${describeThrown(error)}`))
  }
}
