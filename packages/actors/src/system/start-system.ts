import { isMainThread } from 'node:worker_threads'
import { expectDescriptors, MODULE_DESCRIPTORS, onAbort, stayAlive, systemClock, waitFor } from '@zera/core/internal'
import { ThreadContainer } from '../actor/container.js'
import { openSink } from '../log/open-sink.js'
import { SystemStoppedError } from '../model/errors.js'
import { refuseSystem } from '../model/modules/import-module.js'
import type { WaitOptions } from '../model/protocol.js'
import { stopOnSignals } from './process-signals.js'
import type { RunningSystem } from './running-system.js'
import { checkOptions, type SystemOptions } from './system-options.js'
import type { System } from './system.js'
import { threadPlatform } from './thread-platform.js'

/**
 * Starts a system of actors and returns when its threads are ready.
 *
 * A start that is given up, by `signal` or `timeoutMs`, rejects when everything that it has started is stopped again. A
 * thread that is loading modules delays that until they are loaded, or for three seconds; `stopTimeoutMs` limits it in
 * all. A module that hangs in the main thread delays nothing.
 *
 * @example
 *   await using system = await startSystem({ threads: 2 })
 *   const counter = await system.spawn(Counter, { name: 'counter' })
 *   console.log(await counter.ask.add(2))
 *
 * @throws {NotMainThreadError} In a thread. Threads import the modules that define actors and jobs. Such a module must
 *   not start a system on import: guard the start with `if (isMainThread)`, or move it to another file.
 * @throws {RangeError} When `threads`, `spares` or `spareProcesses` is no whole number from 0 to 1024, a time is
 *   negative or none, or a name is longer than 255 characters or has control characters.
 * @throws {TypeError} When `container` or `log.sink` is neither a URL nor an absolute path, or Node does not take
 *   `env`, `argv` or `execArgv` for a thread.
 * @throws {ContainerError} When the module of `container` cannot be used.
 * @throws {LogSinkError} When the module of `log.sink` cannot be used.
 * @throws {DescriptorLimitError} When the process may not open as many descriptors as the system needs.
 * @throws {ThreadStartError} When a thread does not become ready; the start then stops everything.
 * @throws {NodeUnreachableError} When a node does not answer; likewise.
 * @throws {NodeRefusedError} When a node does not lend its threads; likewise.
 * @throws {WaitTimeoutError} When the system is not ready within `timeoutMs`; it is stopped then.
 * @throws The reason of `signal`, when that aborts first; likewise.
 */
export async function startSystem(options: SystemOptions & WaitOptions = {}): Promise<System> {
  // Before anything is awaited: then the caller is no longer on the stack.
  const place = callerOf(startSystem)
  if (!isMainThread) await refuseSystem()
  const checked = checkOptions(options)
  expectDescriptors('start a system', MODULE_DESCRIPTORS)
  let system: RunningSystem | undefined
  let mayEnd: (() => void) | undefined
  const wait = { action: 'start the system', leaves: 'nothing' } as const
  try {
    return await waitFor(systemClock, wait, { signal: options.signal, timeoutMs: options.timeoutMs }, async givenUp => {
      // The process must live to see that the time has passed, also when a module of the main thread hangs.
      if (givenUp !== undefined) mayEnd = stayAlive()
      system = await untilInterrupted(checked, givenUp, () => createSystem(checked, givenUp))
      await system.start()
      system.watchForForgottenStop(place)
      return system
    })
  } catch (error) {
    // Its start stops it as well, and nothing but this waits for that when the start was given up.
    await system?.stop()
    throw error
  } finally {
    mayEnd?.()
  }
}

/** Where a function was called, as `at file:///main.js:3:22`; empty when that is not known. */
function callerOf(called: (...args: never[]) => unknown): string {
  const here: { stack?: unknown } = {}
  Error.captureStackTrace(here, called)
  const line = typeof here.stack === 'string' ? here.stack.split('\n').find(text => /^\s+at /u.test(text)) : undefined
  return line === undefined ? '' : `at ${/\(([^()]+)\)$/u.exec(line)?.[1] ?? line.replace(/^\s+at (async )?/u, '')}`
}

/** Loads what only the start of a system needs, because the actors of every thread import the module of this function. */
async function createSystem(options: SystemOptions, givenUp: AbortSignal | undefined): Promise<RunningSystem> {
  const { container, log, nodes = [], heartbeat = {} } = options
  const sink = await openSink(log)
  const threadContainer = new ThreadContainer()
  if (container !== undefined) await threadContainer.setUp(container.toString())
  // Without nodes nothing of them is loaded.
  const platform =
    nodes.length === 0
      ? threadPlatform(heartbeat)
      : (await import('../nodes/borrower/node-platform.js')).nodePlatform(nodes, heartbeat, options.root)
  const { RunningSystem } = await import('./running-system.js')
  if (givenUp?.aborted === true) {
    await threadContainer.dispose()
    throw givenUp.reason
  }
  return new RunningSystem(options, threadContainer, platform, sink, givenUp)
}

/**
 * Makes a system. Meanwhile a signal finds nothing to stop, and ends the process as it does later. If the program
 * handles the signal itself, the system does not start.
 */
async function untilInterrupted(
  { handleSignals = true }: Pick<SystemOptions, 'handleSignals'>,
  givenUp: AbortSignal | undefined,
  create: () => Promise<RunningSystem>,
): Promise<RunningSystem> {
  if (!handleSignals) return create()
  let isInterrupted = false
  const interrupt = async (): Promise<void> => void (isInterrupted = true)
  const release = stopOnSignals({
    stop: interrupt,
    letGo: interrupt,
    force: interrupt,
    isStuck: () => false,
  })
  // What hangs here may never come back.
  const forget = onAbort(givenUp, release)
  try {
    const system = await create()
    if (!isInterrupted) return system
    await system.stop()
    throw new SystemStoppedError('start the system')
  } finally {
    forget()
    release()
  }
}
