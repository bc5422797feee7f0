import type { Down } from '../../../base/errors/down.js'
import { expectOwner } from '../../../base/owning/owner.js'
import type { StopOptions } from '../../../base/owning/service.js'
import { untilReady } from '../../../base/time/until-ready.js'
import { expectNumber } from '../../../base/values/expect-number.js'
import { expectOptions, optionNames } from '../../../base/values/options/known-options.js'
import { NUMBER, oneOf, SIGNAL } from '../../../base/values/options/option-kinds.js'
import { startThread } from '../start-thread.js'
import { expectStart, fileName, type ThreadOptions } from '../thread-options.js'
import type { DetachedProcess } from './detached-process.js'

/** How to start something detached. */
export interface DetachedOptions extends Pick<ThreadOptions, 'name' | 'data' | 'startMs' | 'signal'> {
  /**
   * Where it runs. Default `thread`. A process costs more to start, but a fault in its native code takes down only that
   * process.
   */
  readonly in?: 'thread' | 'process' | undefined
}

const DETACHED_OPTIONS = optionNames<DetachedOptions>({
  name: true,
  data: true,
  startMs: NUMBER,
  signal: SIGNAL,
  in: oneOf('thread', 'process'),
})

/** A running detached thread or process, seen by its starter. */
export interface Detached extends AsyncDisposable {
  readonly name: string
  /** Resolves once, when it has ended. Never rejects. */
  readonly down: Promise<Down>
  /** Asks it to stop, and kills it after the deadline. Calling it twice is harmless. */
  stop(options?: StopOptions): Promise<unknown>
  /** Kills it now, and nothing else with it. */
  kill(): Promise<Down>
}

/**
 * Starts something that has no pipe to its starter and talks only over tcp or ipc. So it can run in a thread or in its
 * own process: `in` says which, and nothing else changes. The guide calls such threads detached.
 *
 * It ends when it is stopped. A process also ends when its starter has ended, in whatever way. It leaves SIGINT and
 * SIGTERM, which a terminal or a service sends to all of its processes, to its starter.
 *
 * @example
 *   await using server = await startDetached(new URL('./server.js', import.meta.url), {
 *     in: 'process',
 *     data: 'tcp://127.0.0.1:5555',
 *   })
 *
 * @param url The module, best as `new URL('./worker.js', import.meta.url)`. Its default export is called with a
 *   `DetachedSelf`.
 * @throws {ThreadStartError} When it does not call `ready()` within `startMs`, or ends before. It leaves nothing
 *   behind.
 * @throws {TypeError} When `url` is a relative path.
 * @throws {RangeError} When `startMs` is no number of milliseconds.
 */
export async function startDetached(url: URL | string, given: DetachedOptions = {}): Promise<Detached> {
  expectOptions(`start ${fileName(url)}`, given, DETACHED_OPTIONS)
  const { in: where = 'thread', ...options } = given
  return where === 'thread' ? startThread(url, options) : startProcess(url, options)
}

/** How to start a process. */
export interface ProcessOptions extends Omit<DetachedOptions, 'in'> {
  /**
   * Limit of its resident memory in MiB, checked every 50 ms. A process that exceeds it ends with the reason
   * `memory-limit`. Default: none.
   */
  readonly maxRssMb?: number
}

/**
 * Like `startDetached` with `in: 'process'`, for code that needs the process itself: its id, how it ended, its memory
 * limit.
 *
 * @throws {ThreadStartError}
 * @throws {TypeError} As `startDetached`.
 * @throws {RangeError} Likewise, and when `maxRssMb` is no number above 0.
 */
export async function startProcess(url: URL | string, options: ProcessOptions = {}): Promise<DetachedProcess> {
  const { maxRssMb } = options
  if (maxRssMb !== undefined)
    expectNumber(`start process ${options.name ?? fileName(url)}`, 'maxRssMb', maxRssMb, { above: 0 })
  // Every thread imports this module but few start a process, and the code for that takes milliseconds to load.
  const { DetachedProcess } = await import('./detached-process.js')
  const startMs = expectStart(url, options)
  expectOwner(`start process ${options.name ?? fileName(url)}`)
  const child = new DetachedProcess(url, options.name ?? fileName(url), options.data)
  if (maxRssMb !== undefined) child.limitRss(maxRssMb)
  await untilReady(child, startMs, options.signal)
  return child
}
