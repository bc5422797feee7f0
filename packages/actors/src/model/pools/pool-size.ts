/** How many workers a pool may have. */
export interface PoolBounds {
  readonly min: number
  readonly max: number
}

/** A pool's load at one look. */
export interface PoolLoad {
  readonly workers: number
  /** Messages in the mailboxes of its workers. */
  readonly waiting: number
  /** Workers that are handling a message. */
  readonly busy: number
}

/** The state kept from one look to the next. */
export interface PoolSize {
  /** How many workers the pool should have. */
  readonly workers: number
  /** For how many looks in a row there were more workers than needed. */
  readonly quietLooks: number
}

/** Messages that may wait per worker before the pool grows. */
const WAITING_PER_WORKER = 4
/** Looks in a row that must find less work before the pool drops a worker: work comes in waves. */
const QUIET_LOOKS = 4

/**
 * Decides how many workers a pool should have. It grows by half when messages pile up, and shrinks one by one when it
 * has been quiet for a while. A pool below its minimum is filled up at once.
 */
export function planSize({ workers, waiting, busy }: PoolLoad, quietLooks: number, { min, max }: PoolBounds): PoolSize {
  const kept = Math.min(Math.max(workers, min), max)
  if (kept !== workers) return { workers: kept, quietLooks: 0 }
  if (waiting > workers * WAITING_PER_WORKER)
    return { workers: Math.min(max, workers + Math.ceil(workers / 2)), quietLooks: 0 }
  if (waiting > 0 || busy === workers || workers === min) return { workers, quietLooks: 0 }
  return quietLooks + 1 < QUIET_LOOKS
    ? { workers, quietLooks: quietLooks + 1 }
    : { workers: workers - 1, quietLooks: 0 }
}
