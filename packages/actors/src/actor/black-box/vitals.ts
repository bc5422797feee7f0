import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** The vital signs of a thread. */
interface ThreadVitals {
  /** Bytes of its JavaScript heap that are in use. */
  readonly heapBytes: number
  /** The share of the time since the last reading in which its event loop was busy, from 0 to 1. */
  readonly utilization: number
}

/** Reads the vital signs of this thread. */
export interface Vitals {
  read(): ThreadVitals
}

let last: EventLoopUtilization | undefined

/** What Node says about this thread. */
export const systemVitals: Vitals = {
  read() {
    const current = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(current, last)
    last = current
    return { heapBytes: getHeapStatistics().used_heap_size, utilization }
  },
}
