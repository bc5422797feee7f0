import { expectName } from '../base/values/expect-name.js'
import { expectMs } from '../base/values/numbers.js'
import { expectHeapMb } from '../words/heap-limits.js'
import { expectWorkerSettings, type WorkerSettings } from './worker-settings.js'

/** How a thread is started. */
export interface ThreadOptions extends WorkerSettings {
  /** Its name in errors, receipts and resources. Default: the file name of the module. */
  readonly name?: string
  /** Names this life of the thread when it is started again under the same name. Default 1. */
  readonly incarnation?: number
  /** What the module's function finds in `thread.data`; copied as by `structuredClone`. */
  readonly data?: unknown
  /** Milliseconds until it must be ready. Default 10,000; Infinity waits for ever. */
  readonly startMs?: number
  /**
   * How many MiB of JavaScript values the thread may keep, from 2 on; a host of actors needs some 10 to start. A thread
   * that keeps more ends with the reason `heap-limit` when it comes back to its event loop, and nothing else does.
   * Default: three quarters of Node's own limit, or less where its largest Map or array could not double. What
   * `--max-old-space-size` gives the process is never exceeded. Buffers and shared memory are not counted.
   *
   * Garbage, and what one handler adds before it returns or awaits, may come on top: 64 to 256 MiB, and twice the limit
   * while a Map, Set, array or object doubles. Beyond that V8 ends the thread, or, where a single allocation was too
   * much, the process.
   */
  readonly maxHeapMb?: number
  /** Gives the start up: the thread is killed and the start rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const DEFAULT_START_MS = 10_000
const MAX_THREAD_NAME_CHARS = 1024

/**
 * Checks how something shall be started, at the door. Returns the milliseconds until it must be ready.
 *
 * @throws {TypeError}
 * @throws {RangeError}
 * @throws The signal's reason.
 */
export function expectStart(
  url: URL | string,
  { name, startMs = DEFAULT_START_MS, maxHeapMb, signal, ...settings }: Omit<ThreadOptions, 'data' | 'incarnation'>,
): number {
  if (/^\.{1,2}\//.test(String(url)))
    throw new TypeError(
      `Cannot start thread ${String(url)}: a relative path has no base here; pass new URL(path, import.meta.url)`,
    )
  if (name !== undefined) expectName('start a thread', 'name', name, MAX_THREAD_NAME_CHARS)
  expectMs('startMs', startMs)
  expectHeapMb(`start thread ${fileName(url)}`, maxHeapMb)
  expectWorkerSettings(`start thread ${fileName(url)}`, settings)
  signal?.throwIfAborted()
  return startMs
}

/** The name of what is started, when it is given none: the file name of its module. */
export function fileName(url: URL | string): string {
  const path = String(url)
  return path.slice(path.lastIndexOf('/') + 1)
}
