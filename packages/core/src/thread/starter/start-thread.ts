import { expectOwner } from '../../base/owning/owner.js'
import { untilReady } from '../../base/time/until-ready.js'
import type { Thread } from '../thread.js'
import { LinkedThread } from './linked-thread.js'
import { expectStart, expectThreadOptions, fileName, type ThreadOptions } from './thread-options.js'

/**
 * Starts a thread and returns when it has called `ready()`.
 *
 * The thread is attached: it has a pipe to the thread that started it. It ends when it is stopped, or at the latest
 * with the instance of the actor that started it. The idea comes from czmq's zactor.
 *
 * @example
 *   // double.js: export default async thread => { thread.ready(); for await (const n of thread.pipe) thread.pipe.send(2 * n) }
 *   await using thread = await startThread(new URL('./double.js', import.meta.url))
 *   thread.pipe.send(21)
 *   console.log((await thread.pipe.receive())?.value) // 42
 *
 * @param url The thread's module, best as `new URL('./worker.js', import.meta.url)`. Its default export is called with
 *   an `AttachedThread`.
 * @throws {ThreadStartError} When the module cannot be imported, ends early or is late. It leaves nothing behind.
 * @throws {TypeError} When `url` is a relative path, which has no base here, or Node does not take `env`, `argv` or
 *   `execArgv` for a thread.
 * @throws {RangeError} When `startMs` is no number of milliseconds, or `maxHeapMb` none from 2 on.
 * @throws {ScopeClosedError} In the code of an actor whose instance has ended.
 */
export async function startThread(url: URL | string, options: ThreadOptions = {}): Promise<Thread> {
  expectThreadOptions(url, options)
  return startLinkedThread(url, options)
}

/**
 * Like `startThread`, for code that needs the link to the thread.
 *
 * @throws What `startThread` throws.
 */
export async function startLinkedThread(url: URL | string, options: ThreadOptions = {}): Promise<LinkedThread> {
  const startMs = expectStart(url, options)
  expectOwner(`start thread ${options.name ?? fileName(url)}`)
  const thread = new LinkedThread(url, options)
  await untilReady(thread, startMs, options.signal)
  return thread
}
