/** When a fresh worker replaces one of a pool. */
export interface Recycling {
  /** After it has handled this many messages. */
  readonly afterMessages?: number | undefined
  /**
   * When the heap of its thread has grown by this many MiB since it began. Only for `placement: 'own-thread'` or
   * `'own-process'`: a shared thread's heap is that of all its actors.
   */
  readonly heapGrowthMb?: number | undefined
  /**
   * When the resident memory of its process has grown by this many MiB since it began, for whatever reason. Only for
   * `placement: 'own-process'`. Keep it well below `maxRssMb`, which loses messages.
   */
  readonly rssGrowthMb?: number | undefined
}

/** The figures of one worker at one look. */
export interface WorkerUse {
  readonly handled: number
  readonly heapBytes: number
  readonly rssBytes: number
}

const BYTES_A_MB = 1024 * 1024

/**
 * Decides whether to replace a worker.
 *
 * @param first Its figures at the first look.
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
