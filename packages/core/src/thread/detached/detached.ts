import type { Down } from '../../base/errors/down.js'
import { expectOwner } from '../../base/owning/owner.js'
import type { StopOptions } from '../../base/owning/service.js'
import { untilReady } from '../../base/time/until-ready.js'
import type { AttachedThread } from '../attached-thread.js'
import { startThread } from '../start-thread.js'
import { expectStart, fileName, type ThreadOptions } from '../thread-options.js'
import type { DetachedProcess } from './detached-process.js'

/** What the function of a detached module is called with: the same in a thread and in a process. */
export type DetachedSelf = Pick<AttachedThread, 'name' | 'data' | 'ready' | 'stopping'>

/** How something detached is started. */
export interface DetachedOptions extends Pick<ThreadOptions, 'name' | 'data' | 'startMs' | 'signal'> {
  /**
   * Where it runs. Default `thread`. A process costs more to start, and a fault of its native code takes only itself
   * down.
   */
  readonly in?: 'thread' | 'process'
}

/** Something detached that runs, seen from who started it. */
export interface Detached extends AsyncDisposable {
  readonly name: string
  /** Resolves once, when it has ended. Never rejects. */
  readonly down: Promise<Down>
  /** Asks it to stop, and kills it after the deadline. Calling it twice is harmless. */
  stop(options?: StopOptions): Promise<unknown>
  /** Kills it, now, and nothing else with it. */
  kill(): Promise<Down>
}

/**
 * Starts something that has no pipe to its starter and talks over tcp or ipc alone, so that it runs in a thread or in a
 * process of its own, whichever `in` says; nothing else changes. The guide calls such threads detached.
 *
 * It ends when it is stopped, and a process also when its starter has ended, in whatever way. What a terminal or a
 * service sends to all of its processes, SIGINT and SIGTERM, it leaves to its starter.
 *
 * @example
 *   ;```ts
 *   await using server = await startDetached(new URL('./server.js', import.meta.url), {
 *     in: 'process',
 *     data: 'tcp://127.0.0.1:5555',
 *   })
 *   ```
 *
 * @param url The module, best as `new URL('./worker.js', import.meta.url)`. Its default export is called with a
 *   `DetachedSelf`.
 * @throws {ThreadStartError} When it does not call `ready()` within `startMs`, or ends before. Nothing of it is left
 *   then.
 * @throws {TypeError} When `url` is a relative path. @throws {RangeError} When `startMs` is no number of milliseconds.
 */
export async function startDetached(
  url: URL | string,
  { in: where = 'thread', ...options }: DetachedOptions = {},
): Promise<Detached> {
  return where === 'thread' ? startThread(url, options) : startProcess(url, options)
}

/** How a process is started. */
export interface ProcessOptions extends Omit<DetachedOptions, 'in'> {
  /**
   * Limit of its resident memory in MiB, looked at every 50 ms. A process that has more ends with the reason
   * `memory-limit`. Default: none.
   */
  readonly maxRssMb?: number
}

/**
 * As `startDetached` with `in: 'process'`, for those who want to know of the process as such: its number, how it has
 * ended, the limit of its memory.
 *
 * @throws {ThreadStartError}
 * @throws {TypeError} As `startDetached`.
 * @throws {RangeError} Likewise, and when `maxRssMb`
 * is no number above 0.
 */
export async function startProcess(url: URL | string, options: ProcessOptions = {}): Promise<DetachedProcess> {
  const { maxRssMb } = options
  if (maxRssMb !== undefined && !(maxRssMb > 0))
    throw new RangeError(
      `Cannot start process ${options.name ?? fileName(url)}: maxRssMb must be more than 0, not ${maxRssMb}`,
    )
  // Every thread imports this module, few start a process, and what does that takes milliseconds to load.
  const { DetachedProcess } = await import('./detached-process.js')
  const startMs = expectStart(url, options)
  expectOwner(`start process ${options.name ?? fileName(url)}`)
  const child = new DetachedProcess(url, options.name ?? fileName(url), options.data)
  if (maxRssMb !== undefined) child.limitRss(maxRssMb)
  await untilReady(child, startMs, options.signal)
  return child
}
