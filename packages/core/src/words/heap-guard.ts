import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { resourceLimits } from 'node:worker_threads'
import { monotonicMs } from '../base/runtime/real-timers.js'
import { HeapLimits, type HeapUse } from './heap-limits.js'
import { seed, words } from './this-thread.js'

const MIB = 1024 * 1024

/** Only threads that Zera starts are guarded. */
const limits =
  seed === undefined
    ? undefined
    : new HeapLimits(
        seed.maxHeapMb,
        getHeapStatistics().heap_size_limit - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * MIB,
      )
let lookedAt = -Infinity
let collectGarbage: (() => void) | undefined

/**
 * A heap that grows is collected, so a thread looks after each collection, when its event loop turns: whatever fills
 * it, and if no message ever comes. That costs nothing while nothing happens, as a timer would.
 */
const collections = limits === undefined ? undefined : new PerformanceObserver(() => guardHeap())
collections?.observe({ entryTypes: ['gc'] })

/**
 * Ends this thread, where that is safe, when it keeps more than it may. Called before native calls, between messages
 * and after collections.
 *
 * A handler that does not come back to the event loop is ended by Node, in the middle of its own code, when it reaches
 * V8's limit, which lies much higher; only where that is reached by one allocation of more than 16 MiB does V8 end the
 * process (hazard H9).
 */
export function guardHeap(now?: number): void {
  // Main has no limit, and asks no clock.
  if (limits !== undefined) look(limits, now ?? monotonicMs())
}

function look(heap: HeapLimits, now: number): void {
  if (now - lookedAt < heap.lookEveryMs) return
  lookedAt = now
  // Each test is dearer than the one before, and made only when that one says so.
  if (getHeapStatistics().used_heap_size < heap.harmlessBytes || !heap.areReached(heapUse())) return
  collect()
  if (!heap.areReached(heapUse())) return
  words.reachHeapLimit(heap.limitBytes / MIB)
  process.exit(1)
}

/** Looks no more after collections, which show among the active resources of a thread. */
export function ignoreCollections(): void {
  collections?.disconnect()
}

function heapUse(): HeapUse {
  let [bytes, largeBytes] = [0, 0]
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics()) {
    // What is young is garbage more often than not, unless it is as large as all that may be kept.
    if (name !== 'new_space') bytes += used
    if (name.endsWith('large_object_space')) largeBytes += used
  }
  return { bytes, largeBytes }
}

/**
 * The one way to tell garbage from what is alive. V8 shows its collector only to contexts that are made after the flag
 * is set.
 */
function collect(): void {
  if (collectGarbage === undefined) {
    setFlagsFromString('--expose-gc')
    collectGarbage = runInNewContext('gc') as () => void
  }
  collectGarbage()
}
