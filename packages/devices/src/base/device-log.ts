import type { Clock } from '@zera/core'
import { inRootContext } from '@zera/core/internal'
import { BoundedLines } from './bounded-lines.js'
import { printable } from './shown-text.js'

const LONGEST_TEXT = 4000

/**
 * Logs what goes wrong between a device and its peers, a line each. Without a log function, the lines go to stderr at a
 * bounded rate.
 */
export class DeviceLog {
  readonly #device: string
  readonly #log: ((line: string) => void) | undefined
  readonly #lines: BoundedLines

  constructor(device: string, clock: Clock, log: ((line: string) => void) | undefined) {
    this.#device = device
    this.#lines = new BoundedLines(clock)
    this.#log = log
  }

  /** Writes one. It never throws. */
  note(text: string): void {
    const line = printable(`${this.#device}: ${text.slice(0, LONGEST_TEXT)}`)
    if (this.#log === undefined) this.#lines.write(line)
    else
      try {
        inRootContext(() => this.#log?.(line))
      } catch {
        this.#lines.write(line)
      }
  }
}
