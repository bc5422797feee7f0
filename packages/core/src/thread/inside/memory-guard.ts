import { clearInterval, setInterval } from '../../base/runtime/real-timers.js'

const BYTES_A_MB = 1024 * 1024
/** A check costs a few microseconds; between two checks a process can take a few hundred MiB. */
const LOOK_EVERY_MS = 50

/**
 * Looks at the memory of this process again and again, from its main thread, which runs no user code: whatever its
 * other threads do, and whatever took the memory.
 */
export class MemoryGuard {
  readonly #exceeded: (rssMb: number, maxRssMb: number) => void
  readonly #rssBytes: () => number
  #timer: NodeJS.Timeout | undefined

  /** @param exceeded Called once, when the process uses more than it may. */
  constructor(exceeded: (rssMb: number, maxRssMb: number) => void, rssBytes = () => process.memoryUsage.rss()) {
    this.#exceeded = exceeded
    this.#rssBytes = rssBytes
  }

  /** Sets the limit, in MiB of resident memory, and replaces the previous one. */
  limit(maxRssMb: number): void {
    clearInterval(this.#timer)
    this.#timer = setInterval(() => this.#look(maxRssMb), LOOK_EVERY_MS).unref()
    this.#look(maxRssMb)
  }

  #look(maxRssMb: number): void {
    const rssBytes = this.#rssBytes()
    if (rssBytes <= maxRssMb * BYTES_A_MB) return
    clearInterval(this.#timer)
    this.#exceeded(Math.ceil(rssBytes / BYTES_A_MB), maxRssMb)
  }
}
