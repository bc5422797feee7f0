import type { Clock } from '@zera/core'
import { LineBudget } from '@zera/core/internal'

/** How many lines a device writes by itself in one span of time, however much goes wrong, and how long that span is. */
const MAX_LINES = 20
const SPAN_MS = 20_000

/** Writes lines to stderr, as long as there are not too many; then the next one says how many were left out. */
export class BoundedLines {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #budget = new LineBudget({ perKind: MAX_LINES, perSpan: MAX_LINES, spanMs: SPAN_MS })

  /** @param write Unlike `process.stderr`, `console.error` does not fail the process when its reader has gone. */
  constructor(clock: Clock, write: (line: string) => void = line => console.error(line)) {
    this.#clock = clock
    this.#write = write
  }

  write(line: string): void {
    const leftOut = this.#budget.take('', this.#clock.now())
    if (leftOut === undefined) return
    this.#write(
      leftOut === 0
        ? line
        : `${line} (${leftOut} lines before it were not written: more than ${MAX_LINES} in ${SPAN_MS / 1000} s)`,
    )
  }
}
