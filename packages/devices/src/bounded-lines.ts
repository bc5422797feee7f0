import type { Clock } from './clock.js'
import { TokenBuckets, type Rate } from './gateway/token-buckets.js'

/** Lines that a device writes by itself, however much goes wrong. */
const LINES: Rate = { perSecond: 1, burst: 20 }

/** Writes lines to stderr, as long as there are not too many; then the next one says how many were left out. */
export class BoundedLines {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #buckets = new TokenBuckets(LINES, 1)
  #leftOut = 0

  /** @param write Unlike `process.stderr`, `console.error` makes no error of the process when nobody reads it any more. */
  constructor(clock: Clock, write: (line: string) => void = line => console.error(line)) {
    this.#clock = clock
    this.#write = write
  }

  write(line: string): void {
    if (this.#buckets.take('', this.#clock.now()).retryMs > 0) {
      this.#leftOut += 1
      return
    }
    const before = this.#leftOut === 0 ? '' : ` (${this.#leftOut} lines before it were not written: more than ${LINES.perSecond} a second)`
    this.#leftOut = 0
    this.#write(`${line}${before}`)
  }
}
