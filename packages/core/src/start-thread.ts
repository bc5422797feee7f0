import { after, expectMs } from './deadline.js'
import { describeDown, type Down } from './down.js'
import { ThreadStartError } from './errors.js'
import { Thread } from './thread.js'
import type { ThreadOptions } from './thread-options.js'

const DEFAULT_START_MS = 10_000

/**
 * Starts a thread and returns when it has called `ready()`.
 *
 * The thread is attached: it has a pipe to the thread that started it, and ends when it is stopped. The idea is czmq's zactor.
 *
 * @param url The thread's module, best as `new URL('./worker.js', import.meta.url)`. Its default export is called with an `AttachedThread`.
 * @throws {ThreadStartError} When the module cannot be imported, ends early or is late. Nothing of it is left then.
 * @throws {TypeError} When `url` is a relative path, which has no base here. @throws {RangeError} When `startMs` is no number of milliseconds.
 * @example
 * ```ts
 * // double.js: export default async thread => { thread.ready(); for await (const n of thread.pipe) thread.pipe.send(2 * n) }
 * await using thread = await startThread(new URL('./double.js', import.meta.url))
 * thread.pipe.send(21)
 * console.log((await thread.pipe.receive())?.value) // 42
 * ```
 */
export async function startThread(url: URL | string, options: ThreadOptions = {}): Promise<Thread> {
  if (/^\.{1,2}\//.test(String(url))) throw new TypeError(`Cannot start thread ${String(url)}: a relative path has no base here; pass new URL(path, import.meta.url)`)
  expectMs('startMs', options.startMs ?? DEFAULT_START_MS)
  options.signal?.throwIfAborted()
  const thread = new Thread(url, options)
  await untilReady(thread, options.startMs ?? DEFAULT_START_MS, options.signal)
  return thread
}

/** @throws {ThreadStartError} When the thread ended before it was ready, or was too slow; it is gone then. */
async function untilReady(thread: Thread, startMs: number, signal: AbortSignal | undefined): Promise<void> {
  const first = await firstOf(thread, startMs, signal)
  if (first === 'ready') return
  if (typeof first === 'string') await thread.kill()
  const down = await thread.down
  if (first === 'aborted') throw signal?.reason
  if (first === 'late') throw new ThreadStartError(thread.name, `it did not call ready() within ${startMs} ms and was killed; give it more startMs or less to do first`)
  throw new ThreadStartError(thread.name, `${describeDown(down)} before it was ready`, { cause: down.error })
}

async function firstOf(thread: Thread, startMs: number, signal: AbortSignal | undefined): Promise<'ready' | 'late' | 'aborted' | Down> {
  let resolveFirst: (first: 'late' | 'aborted') => void = () => undefined
  const deadline = new Promise<'late' | 'aborted'>(resolve => (resolveFirst = resolve))
  const cancel = after(startMs, () => resolveFirst('late'))
  const abort = (): void => resolveFirst('aborted')
  signal?.addEventListener('abort', abort)
  try {
    return await Promise.race([thread.readied.then(() => 'ready' as const), thread.down, deadline])
  } finally {
    cancel()
    // The signal may outlive many threads.
    signal?.removeEventListener('abort', abort)
  }
}
