import { createRequire } from 'node:module'
import type * as ZeroMQ from 'zeromq'
export type { Event, Pair, Socket } from 'zeromq'
import { expectModuleFormat } from '../base/runtime/own-module.js'
import { guardHeap } from '../words/heap-guard.js'
import { words } from '../words/this-thread.js'
import { addonError, expectRuntime } from './no-zeromq.js'

/**
 * The binding to ZeroMQ, loaded inside the kill gate: a thread that is terminated while a native addon starts in it
 * takes the process with it, as in any native call (hazard H1). A `require` can stand inside the gate, an `import`
 * cannot.
 *
 * @throws {ZeraError} Where there is no ZeroMQ, with the code `ZERA_NO_ZEROMQ`: so do the imports of all entries that
 *   lead here.
 */
export const zeromq = load()

function load(): typeof ZeroMQ {
  // In two steps, because tracers of what a program needs follow a `require` by its name.
  const require = createRequire(import.meta.url)
  expectRuntime()
  expectModuleFormat('@zera/core', import.meta.url)
  const { gate } = words
  guardHeap()
  gate.enter()
  try {
    return require('zeromq') as typeof ZeroMQ
  } catch (error) {
    throw addonError(error)
  } finally {
    gate.leave()
  }
}
