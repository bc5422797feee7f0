import { monotonicMs } from '../../../base/runtime/real-timers.js'

const FREE_WITHIN_MS = 1000

/**
 * The endpoints that sockets of this process have released. ZeroMQ frees an endpoint some time after the close (hazard
 * H5), so a new bind there may have to retry for a moment.
 */
export class FreedEndpoints {
  readonly #freedAt = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number = monotonicMs) {
    this.#now = now
  }

  add(endpoint: string): void {
    for (const [place, freedAt] of this.#freedAt)
      if (this.#now() - freedAt > FREE_WITHIN_MS) this.#freedAt.delete(place)
    this.#freedAt.set(placeOf(endpoint), this.#now())
  }

  /** Whether an endpoint that is in use may be about to get free. */
  mayBeFreed(endpoint: string): boolean {
    const freedAt = this.#freedAt.get(placeOf(endpoint))
    return freedAt !== undefined && this.#now() - freedAt <= FREE_WITHIN_MS
  }
}

/** A port is one place, under whichever address of the machine it was bound. */
export function placeOf(endpoint: string): string {
  return endpoint.startsWith('tcp://') ? `tcp:${endpoint.slice(endpoint.lastIndexOf(':') + 1)}` : endpoint
}
