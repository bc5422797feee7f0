import { describeThrown } from '@zera/core'
import type { Clock } from '../clock.js'
import { failureLine, printable, type GatewayFailure } from './gateway-failure.js'
import { TokenBuckets, type Rate } from './token-buckets.js'

/** Lines that it writes, however many calls fail. */
const LINES: Rate = { perSecond: 1, burst: 20 }

/** Writes a line for each failure, as long as there are not too many; then it says how many it has left out. */
export class FailureLog {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #buckets = new TokenBuckets(LINES, 1)
  #leftOut = 0

  constructor(clock: Clock, write: (line: string) => void) {
    this.#clock = clock
    this.#write = write
  }

  add(failure: GatewayFailure): void {
    this.#line(failureLine(failure))
  }

  /** Notes a fault that is none of a call. */
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
