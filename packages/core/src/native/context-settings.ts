import { isMainThread } from 'node:worker_threads'
import { SocketError } from '../base/errors/errors.js'
import { expectNumber } from '../base/values/expect-number.js'
import { withoutUndefined, type Filled } from '../base/values/filled.js'
import { expectOptions, optionNames } from '../base/values/options/known-options.js'
import { NUMBER } from '../base/values/options/option-kinds.js'
import { CONTEXT_DESCRIPTORS, expectDescriptors } from '../words/descriptors.js'
import { zeromq } from './zeromq.js'

/** Settings of ZeroMQ's context, which all threads of the process share. */
export interface ContextSettings {
  /** Sockets that the process may have open at once. Each costs a file descriptor. Default 65,535; ZeroMQ's own is 1023. */
  readonly maxSockets?: number | undefined
  /** Threads of ZeroMQ for network traffic; inproc needs none. Default 1, enough for about a gigabyte a second. */
  readonly ioThreads?: number | undefined
}

const CONTEXT_SETTINGS = optionNames<ContextSettings>({ maxSockets: NUMBER, ioThreads: NUMBER })
const DEFAULT_SETTINGS = { maxSockets: 65_535, ioThreads: 1 }
let settings: Filled<ContextSettings> | undefined
let hasBegun = false

/**
 * Sets up the process's ZeroMQ context. Call it in the main thread before you start anything of Zera. You need it only
 * to change a default.
 *
 * @throws {SocketError} In any other thread, and when a socket was opened already, since ZeroMQ would ignore the call
 *   (hazard H5).
 * @throws {RangeError} When a number is not a whole number from 1 on.
 */
export function configureContext(wanted: ContextSettings): void {
  expectOptions('configure the context', wanted, CONTEXT_SETTINGS)
  if (!isMainThread)
    throw new SocketError(
      'Cannot configure the context: its first socket was opened in the main thread; configure it there',
    )
  if (settings !== undefined)
    throw new SocketError('Cannot configure the context: a socket was opened already; configure it first')
  const given = withoutUndefined(wanted)
  for (const [name, value] of Object.entries(given))
    expectNumber('configure the context', name, value, { from: 1, isWhole: true })
  applySettings({ ...DEFAULT_SETTINGS, ...given })
}

/**
 * Settles the settings before a socket is made. The context is the process's, so the main thread's first socket settles
 * it for all.
 *
 * @throws {DescriptorLimitError} When ZeroMQ has too few descriptors to begin with.
 */
export function settleContext(): void {
  if (hasBegun || !isMainThread) return
  expectDescriptors('open the first socket', CONTEXT_DESCRIPTORS)
  if (settings === undefined) applySettings(DEFAULT_SETTINGS)
  hasBegun = true
}

function applySettings(wanted: Filled<ContextSettings>): void {
  settings = wanted
  zeromq.context.maxSockets = wanted.maxSockets
  zeromq.context.ioThreads = wanted.ioThreads
}
