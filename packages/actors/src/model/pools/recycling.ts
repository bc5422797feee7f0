/** When a worker of a pool is replaced by a fresh one. */
export interface Recycling {
  /** After it has handled so many messages. */
  readonly afterMessages?: number
  /**
   * When the heap of its thread has grown by so many MiB since it began. Only for `placement: 'own-thread'` or
   * `'own-process'`: a shared thread's heap is that of all its actors.
   */
  readonly heapGrowthMb?: number
  /**
   * When the resident memory of its process has grown by so many MiB since it began, whatever has taken it. Only for
   * `placement: 'own-process'`. Keep it well below `maxRssMb`, which loses messages.
   */
  readonly rssGrowthMb?: number
}

/** What is known of one worker at one look. */
export interface WorkerUse {
  readonly handled: number
  readonly heapBytes: number
  readonly rssBytes: number
}

const BYTES_A_MB = 1024 * 1024

/**
 * Decides whether a worker has served its time.
 *
 * @param first What was known of it at the first look.
 */
export function isWornOut(
  { handled, heapBytes, rssBytes }: WorkerUse,
  first: WorkerUse,
  { afterMessages = Infinity, heapGrowthMb = Infinity, rssGrowthMb = Infinity }: Recycling,
): boolean {
  return (
    handled >= afterMessages ||
    heapBytes - first.heapBytes > heapGrowthMb * BYTES_A_MB ||
    rssBytes - first.rssBytes > rssGrowthMb * BYTES_A_MB
  )
}
