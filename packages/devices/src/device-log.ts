import type { Clock } from './clock.js'
import { printable } from './gateway/gateway-failure.js'
import { TokenBuckets, type Rate } from './gateway/token-buckets.js'

/** Lines that a device writes by itself, however much goes wrong. */
const LINES: Rate = { perSecond: 1, burst: 20 }
const LONGEST_TEXT = 4000

/** What goes wrong at a device with its peers, a line each. Without somebody to take them, stderr gets them, at a bounded rate. */
export class DeviceLog {
  readonly #device: string
  readonly #clock: Clock
  readonly #log: ((line: string) => void) | undefined
  readonly #buckets = new TokenBuckets(LINES, 1)
  #leftOut = 0

  constructor(device: string, clock: Clock, log: ((line: string) => void) | undefined) {
    this.#device = device
    this.#clock = clock
    this.#log = log
  }

  /** Writes one. It never throws. */
  note(text: string): void {
    const line = printable(`${this.#device}: ${text.slice(0, LONGEST_TEXT)}`)
    if (this.#log === undefined) this.#write(line)
    else
      try {
        this.#log(line)
      } catch {
        this.#write(line)
      }
  }

  #write(line: string): void {
    if (this.#buckets.take('', this.#clock.now()).retryMs > 0) {
      this.#leftOut += 1
      return
    }
    const before = this.#leftOut === 0 ? '' : ` (${this.#leftOut} lines before it were not written: more than ${LINES.perSecond} a second)`
    this.#leftOut = 0
    // Unlike a write to stderr, it ends nothing when nobody reads that.
    console.error(`${line}${before}`)
  }
}
