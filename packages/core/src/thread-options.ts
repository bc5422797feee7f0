import { expectMs } from './deadline.js'

/** How a thread is started. */
export interface ThreadOptions {
  /** Its name in errors, receipts and resources. Default: the file name of the module. */
  readonly name?: string
  /** Names this life of the thread when it is started again under the same name. Default 1. */
  readonly incarnation?: number
  /** What the module's function finds in `thread.data`; copied as by `structuredClone`. */
  readonly data?: unknown
  /** Milliseconds until it must be ready. Default 10,000; Infinity waits for ever. */
  readonly startMs?: number
  /** Heap limit in MiB. A thread that reaches it ends with the reason `heap-limit`. Default: three quarters of Node's own. */
  readonly maxHeapMb?: number
  /** Gives the start up: the thread is killed and the start rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** How a thread is stopped. */
export interface StopOptions {
  /** Milliseconds until it is killed. Default 5,000; Infinity waits for ever, 0 kills at once. */
  readonly deadlineMs?: number
}

const DEFAULT_START_MS = 10_000

/** Checks how something shall be started, at the door. Returns the milliseconds until it must be ready. @throws {TypeError} @throws {RangeError} @throws The signal's reason. */
export function expectStart(url: URL | string, { startMs = DEFAULT_START_MS, signal }: Pick<ThreadOptions, 'startMs' | 'signal'>): number {
  if (/^\.{1,2}\//.test(String(url))) throw new TypeError(`Cannot start thread ${String(url)}: a relative path has no base here; pass new URL(path, import.meta.url)`)
  expectMs('startMs', startMs)
  signal?.throwIfAborted()
  return startMs
}

/** The name of what is started, when it is given none: the file name of its module. */
export function fileName(url: URL | string): string {
  const path = String(url)
  return path.slice(path.lastIndexOf('/') + 1)
}
