import { resourceLimits } from 'node:worker_threads'
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seed, words } from './this-thread.js'

/**
 * The share of V8's limit that a thread may fill; the rest is kept free.
 *
 * Node ends a thread that reaches V8's limit wherever it is, and inside a native call that takes the process along (hazard
 * H1): the call still wants memory. V8 gives up from 80 % of its limit on, when collecting garbage no longer helps.
 */
export const HEAP_SHARE = 0.75

/** More than a thread can fill in a millisecond: as much as memory takes. */
const MOST_BYTES_A_MS = 4 * 1024 * 1024
const SELDOMEST_LOOK_MS = 20

const heapBytes = seed === undefined ? Infinity : (resourceLimits.maxOldGenerationSizeMb ?? Infinity) * 1024 * 1024
const limitBytes = heapBytes * HEAP_SHARE
/** In this time a thread cannot fill what is kept free. A look costs a microsecond, and ten where it is the first thing that a thread does when it wakes. */
const lookEveryMs = Math.min(SELDOMEST_LOOK_MS, (heapBytes - limitBytes) / MOST_BYTES_A_MS)
let lookedAt = -Infinity
let collectGarbage: (() => void) | undefined

/**
 * Ends this thread, where that is safe, when its heap is as full as it may be. Called before native calls.
 *
 * Only threads that Zera starts are guarded. A handler that fills what is kept free in one go is ended by Node, in the middle of its
 * own code, which is safe too.
 */
export function guardHeap(): void {
  if (limitBytes === Infinity) return
  const now = performance.now()
  if (now - lookedAt < lookEveryMs) return
  lookedAt = now
  // Each test is dearer than the one before, and made only when that one says so.
  if (getHeapStatistics().used_heap_size < limitBytes || oldGenerationBytes() < limitBytes) return
  collect()
  if (oldGenerationBytes() < limitBytes) return
  words.reachHeapLimit()
  process.exit(1)
}

function oldGenerationBytes(): number {
  let bytes = 0
  for (const space of getHeapSpaceStatistics()) if (!space.space_name.startsWith('new_')) bytes += space.space_used_size
  return bytes
}

/** The one way to tell garbage from what is alive. V8 shows its collector only to contexts that are made after the flag is set. */
function collect(): void {
  if (collectGarbage === undefined) {
    setFlagsFromString('--expose-gc')
    collectGarbage = runInNewContext('gc') as () => void
  }
  collectGarbage()
}
