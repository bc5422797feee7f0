import { isMainThread, threadId, workerData } from 'node:worker_threads'
import { Census } from './census.js'
import type { LinkEnd } from './link-end.js'
import { ThreadWords } from './thread-words.js'

/** What a thread that Zera starts is given to begin with. */
export interface ThreadSeed {
  readonly name: string
  readonly incarnation: number
  /** The module whose default export the thread runs. */
  readonly url: string
  /** Memory of the thread's own words. */
  readonly words: SharedArrayBuffer
  /** Memory of the census of all threads. */
  readonly census: SharedArrayBuffer
  /** How many descriptors the process may have, as far as that is known. */
  readonly descriptorLimit: number | undefined
  /** Its end of the link to the thread that started it. */
  readonly end: LinkEnd
  /** What the starter passes to the module. */
  readonly data: unknown
  /** How much the thread may keep. */
  readonly maxHeapMb: number | undefined
}

/** The key in `workerData` under which a seed lies; a worker without it was not started by Zera. */
export const SEED = 'zera'

/** The seed of this thread, or undefined in the main thread and in workers that Zera did not start. */
export const seed: ThreadSeed | undefined = isMainThread ? undefined : (workerData as Record<string, ThreadSeed> | undefined)?.[SEED]

/** The census of all threads. */
export const census = new Census(seed?.census)

/** The words of this thread. */
export const words = new ThreadWords(seed?.words)

/** What errors call this thread. */
export const threadName = isMainThread ? 'the main thread' : `thread ${seed?.name ?? 'of another library'} (${threadId})`
