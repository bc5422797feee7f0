import { clearInterval, setInterval } from '../../base/runtime/real-timers.js'

const BYTES_A_MB = 1024 * 1024
/** A look costs a few microseconds; between two of them a process can take some hundred MiB. */
const LOOK_EVERY_MS = 50

/**
 * Looks at the memory of this process again and again, from its main thread, which runs no user code: whatever its
 * other threads do, and whoever has taken the memory.
 */
export class MemoryGuard {
  readonly #exceeded: (rssMb: number, maxRssMb: number) => void
  readonly #rssBytes: () => number
  #timer: NodeJS.Timeout | undefined

  /** @param exceeded Is told once that there is more than there may be. */
  constructor(exceeded: (rssMb: number, maxRssMb: number) => void, rssBytes = () => process.memoryUsage.rss()) {
    this.#exceeded = exceeded
    this.#rssBytes = rssBytes
  }

  /** Sets the limit, in MiB of resident memory, in place of the one before. */
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
