import { LineBudget, type Clock } from '@zera/core/internal'

/** Lines in one span of time, and how long that is. */
const MAX_LINES = 20
const SPAN_MS = 60_000

/**
 * The log of a node for its operator. It writes at most 20 lines a minute, so that no connecting peer can fill the
 * disk; the next line counts those left out.
 */
export class NodeLog {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #budget = new LineBudget({ perKind: MAX_LINES, perSpan: MAX_LINES, spanMs: SPAN_MS })

  constructor(clock: Clock, write: (line: string) => void = line => console.error(`zera node: ${line}`)) {
    this.#clock = clock
    this.#write = write
  }

  say(line: string): void {
    const leftOut = this.#budget.take('', this.#clock.now())
    if (leftOut === undefined) return
    this.#sayLeftOut(leftOut)
    this.#write(line)
  }

  /** Says a last line, in any case. */
  end(line: string): void {
    for (const [, leftOut] of this.#budget.takeLeftOut()) this.#sayLeftOut(leftOut)
    this.#write(line)
  }

  #sayLeftOut(leftOut: number): void {
    if (leftOut > 0) this.#write(`${leftOut} lines more were left out`)
  }
}
