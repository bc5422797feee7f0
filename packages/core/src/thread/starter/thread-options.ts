import { expectName } from '../../base/values/expect-name.js'
import { expectMs } from '../../base/values/expect-number.js'
import { expectOptions, optionNames } from '../../base/values/options/known-options.js'
import { NUMBER, SIGNAL } from '../../base/values/options/option-kinds.js'
import { expectHeapMb } from '../../words/heap-limits.js'
import { expectWorkerSettings, type WorkerSettings } from './worker-settings.js'

/** How to start a thread. */
export interface ThreadOptions extends WorkerSettings {
  /** Its name in errors, receipts and resources. Default: the file name of the module. */
  readonly name?: string | undefined
  /** Names this life of the thread when it is started again under the same name. Default 1. */
  readonly incarnation?: number | undefined
  /** What the module's function finds in `thread.data`; copied as by `structuredClone`. */
  readonly data?: unknown
  /** Milliseconds until it must be ready. Default 10,000; Infinity waits forever. */
  readonly startMs?: number | undefined
  /**
   * How many MiB of JavaScript values the thread may keep, at least 2; a host of actors needs about 10 to start. A
   * thread that keeps more ends with the reason `heap-limit` when it returns to its event loop. Nothing else ends with
   * it. Default: three quarters of Node's own limit, or less where its largest Map or array could not double. It never
   * exceeds what `--max-old-space-size` gives the process. Buffers and shared memory do not count.
   *
   * Garbage, and what one handler adds before it returns or awaits, may come on top: 64 to 256 MiB, and twice the limit
   * while a Map, Set, array or object doubles. Beyond that, V8 ends the thread, or the process if a single allocation
   * was too large.
   */
  readonly maxHeapMb?: number | undefined
  /** Aborts the start: Zera kills the thread, and the start rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const THREAD_OPTIONS = optionNames<ThreadOptions>({
  name: true,
  incarnation: NUMBER,
  data: true,
  startMs: NUMBER,
  maxHeapMb: true,
  signal: SIGNAL,
  env: true,
  argv: true,
  execArgv: true,
  stdout: true,
  stderr: true,
})
const DEFAULT_START_MS = 10_000
const MAX_THREAD_NAME_CHARS = 1024

/** @throws {TypeError} When they are none, or one is unknown. */
export function expectThreadOptions(url: URL | string, options: ThreadOptions): void {
  expectOptions(`start thread ${fileName(url)}`, options, THREAD_OPTIONS)
}

/**
 * Checks the options of a start before anything happens. Returns the milliseconds until it must be ready.
 *
 * @throws {TypeError}
 * @throws {RangeError}
 * @throws The signal's reason.
 */
export function expectStart(url: URL | string, options: ThreadOptions): number {
  if (/^\.{1,2}\//.test(String(url)))
    throw new TypeError(
      `Cannot start thread ${String(url)}: a relative path has no base here; pass new URL(path, import.meta.url)`,
    )
  const { name, startMs = DEFAULT_START_MS, maxHeapMb, signal, ...settings } = options
  if (name !== undefined) expectName('start a thread', 'name', name, MAX_THREAD_NAME_CHARS)
  expectMs('startMs', startMs)
  expectHeapMb(`start thread ${fileName(url)}`, maxHeapMb)
  expectWorkerSettings(`start thread ${fileName(url)}`, settings)
  signal?.throwIfAborted()
  return startMs
}

/** The default name of what is started: the file name of its module. */
export function fileName(url: URL | string): string {
  const path = String(url)
  return path.slice(path.lastIndexOf('/') + 1)
}
