import type { Clock } from '../clock.js'

/** Lines in one span of time, and how long that is. */
const MAX_LINES = 20
const SPAN_MS = 60_000

/** What a node says to who runs it. At most 20 lines a minute are written, so that nobody who can connect fills a disk; those left out are counted in the next one. */
export class NodeLog {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  #since = -Infinity
  #written = 0
  #leftOut = 0

  constructor(clock: Clock, write: (line: string) => void = line => console.error(`zera-node: ${line}`)) {
    this.#clock = clock
    this.#write = write
  }

  say(line: string): void {
    const now = this.#clock.now()
    if (now - this.#since >= SPAN_MS) {
      this.#since = now
      this.#written = 0
      this.#sayLeftOut()
    }
    if (this.#written < MAX_LINES) this.#write(line)
    else this.#leftOut += 1
    this.#written += 1
  }

  /** Says a last line, in any case. */
  end(line: string): void {
    this.#sayLeftOut()
    this.#write(line)
  }

  #sayLeftOut(): void {
    if (this.#leftOut > 0) this.#write(`${this.#leftOut} lines more were left out`)
    this.#leftOut = 0
  }
}
