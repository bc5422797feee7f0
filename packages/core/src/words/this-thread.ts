import { isMainThread, threadId, workerData } from 'node:worker_threads'
import { countCopy, describeCopies, joinCopies, type Copy } from '../base/runtime/copies.js'
import { ThreadCount } from './thread-count.js'
import { ThreadWords } from './thread-words.js'

/**
 * What a thread that Zera starts is given to begin with. `End` is what opens the thread's side of the link to its
 * starter, of which nothing is known on this floor.
 */
export interface ThreadSeed<End = unknown> {
  readonly name: string
  readonly incarnation: number
  /** The module whose default export the thread runs. */
  readonly url: string
  /** Memory of the thread's own words. */
  readonly words: SharedArrayBuffer
  /** Memory of the count of all threads, and its place there. */
  readonly threadCount: { readonly memory: SharedArrayBuffer; readonly place: number }
  /** How many descriptors the process may have, as far as that is known. */
  readonly descriptorLimit: number | undefined
  /** Its end of the link to the thread that started it. */
  readonly end: End
  /** What the starter passes to the module. */
  readonly data: unknown
  /** How much the thread may keep. */
  readonly maxHeapMb: number | undefined
}

/** The key in `workerData` under which a seed lies; a worker without it was not started by Zera. */
export const SEED = 'zera'

/** The version of this package, which `scripts/bundle.js` puts here; what tsc writes has none. */
declare const ZERA_VERSION: string | undefined

const copy: Copy = {
  url: import.meta.url,
  version: typeof ZERA_VERSION === 'string' ? ZERA_VERSION : undefined,
}
const copies = joinCopies('@zera/core', copy)

/** Which copy of the package this is in its thread, from 0 on in the order in which they were loaded. */
export const copyNumber = countCopy()

/** The seed that this thread was started with, by whichever copy. */
const given: ThreadSeed | undefined = isMainThread
  ? undefined
  : (workerData as Record<string, ThreadSeed> | undefined)?.[SEED]

/**
 * The seed of this thread, or undefined in the main thread and in workers that Zera did not start.
 *
 * It belongs to the copy that was loaded first, by which the thread begins. To another the thread is one of another
 * library: what that opened would not be closed before a kill.
 */
export const seed: ThreadSeed | undefined = copyNumber === 0 ? given : undefined

/** How many threads this process has. */
export const threadCount = new ThreadCount(seed?.threadCount.memory, seed?.threadCount.place)

/** The words of this thread. */
export const words = new ThreadWords(seed?.words)

/** Why nothing of Zera can be opened in a worker without a seed, and what to do. */
export function whyForeign(): string {
  return given === undefined
    ? 'Zera did not start this worker; start it with startThread'
    : `another copy started this thread: ${describeCopies('@zera/core', copy, copies[0] as Copy)}`
}

/** What errors call this thread. */
export const threadName = isMainThread
  ? 'the main thread'
  : `thread ${seed?.name ?? 'of another library'} (${threadId})`
