/** When a worker of a pool is replaced by a fresh one. */
export interface Recycling {
  /** After it has handled so many messages. */
  readonly afterMessages?: number
  /** When the heap of its thread has grown by so many MiB since it began. Only for `placement: 'own-thread'`: a shared thread's heap is that of all its actors. */
  readonly heapGrowthMb?: number
}

/** What is known of one worker at one look. */
export interface WorkerUse {
  readonly handled: number
  readonly heapBytes: number
}

/** Decides whether a worker has served its time. */
export function isWornOut({ handled, heapBytes }: WorkerUse, firstHeapBytes: number, { afterMessages = Infinity, heapGrowthMb = Infinity }: Recycling): boolean {
  return handled >= afterMessages || heapBytes - firstHeapBytes > heapGrowthMb * 1024 * 1024
}
