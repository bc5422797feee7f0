import { describeThrown } from '@zera/core'
import type { Clock } from '../clock.js'
import { failureLine, printable, type GatewayFailure } from './gateway-failure.js'
import { TokenBuckets, type Rate } from './token-buckets.js'

/** Lines that it writes, however many calls fail. */
const LINES: Rate = { perSecond: 1, burst: 20 }

/** Tells whoever runs a gateway of failures: `onFailure`, if there is one, or in lines, as long as there are not too many; then it says how many it has left out. */
export class FailureLog {
  readonly #clock: Clock
  readonly #onFailure: ((failure: GatewayFailure) => void) | undefined
  readonly #write: (line: string) => void
  readonly #buckets = new TokenBuckets(LINES, 1)
  #leftOut = 0

  /** @param write Unlike `process.stderr`, `console.error` makes no error of the process when nobody reads it any more. */
  constructor(clock: Clock, onFailure: ((failure: GatewayFailure) => void) | undefined, write: (line: string) => void = line => console.error(line)) {
    this.#clock = clock
    this.#onFailure = onFailure
    this.#write = write
  }

  /** Tells of a failure. It never throws. */
  add(failure: GatewayFailure): void {
    if (this.#onFailure === undefined) {
      this.#line(failureLine(failure))
      return
    }
    try {
      this.#onFailure(failure)
    } catch (error) {
      this.fault('onFailure has thrown', error)
    }
  }

  /** Writes of a fault that is none of a call. */
  fault(what: string, error: unknown): void {
    this.#line(printable(`gateway: ${what}: ${describeThrown(error)}`))
  }

  #line(text: string): void {
    if (this.#buckets.take('', this.#clock.now()).retryMs > 0) {
      this.#leftOut += 1
      return
    }
    const before = this.#leftOut === 0 ? '' : ` (${this.#leftOut} lines before it were not written: more than ${LINES.perSecond} a second)`
    this.#leftOut = 0
    this.#write(`${text}${before}`)
  }
}
