import { readlinkSync } from 'node:fs'
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
  /** The number of this thread in the operating system, if that tells. */
  readonly osThread?: number | undefined
  read(): ThreadVitals
}

let last: EventLoopUtilization | undefined

/** What Node says about this thread. */
export const systemVitals: Vitals = {
  get osThread() {
    try {
      // As 1234/task/1240.
      return Number(/\d+$/u.exec(readlinkSync('/proc/thread-self'))?.[0])
    } catch {
      return undefined
    }
  },
  read() {
    const current = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(current, last)
    last = current
    return { heapBytes: getHeapStatistics().used_heap_size, utilization }
  },
}
