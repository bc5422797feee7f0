import { expectHeapMb } from '@zera/core/internal'
import { NodeLimitError } from '../../model/errors.js'
import type { NodeLimits } from '../../model/nodes/node-limits.js'
import type { StartOptions } from '../control/control.js'

/** Characters that the name of a thread may have. */
const MAX_NAME_CHARS = 1024
/** Modules that a system may have a spare thread import. */
const MAX_MODULES = 10_000

/**
 * Checks what a thread is to be started with. Its numbers become part of the path of its door.
 *
 * @throws {NodeLimitError}
 * @throws {RangeError} When `maxHeapMb` is no limit of a heap.
 */
export function expectStartOptions(
  thread: number,
  { name, incarnation, startMs, maxHeapMb, modules }: StartOptions,
  { maxStartMs }: NodeLimits,
): void {
  expectWithin('the number of a thread', thread, Number.MAX_SAFE_INTEGER, true)
  expectWithin('its incarnation', incarnation, Number.MAX_SAFE_INTEGER, true)
  expectWithin('startMs', startMs, maxStartMs)
  expectWithin('the length of its name', name.length, MAX_NAME_CHARS)
  expectWithin('the number of modules to import ahead', modules.length, MAX_MODULES)
  expectHeapMb('start a thread', maxHeapMb)
}

/** The deadline of a stop, within bounds: what is none ends the thread at once. */
export function boundedStopMs(timeoutMs: number, { maxStopMs }: NodeLimits): number {
  return timeoutMs >= 0 ? Math.min(timeoutMs, maxStopMs) : 0
}

function expectWithin(what: string, number: number, limit: number, isWhole = false): void {
  if (typeof number === 'number' && number >= 0 && number <= limit && (!isWhole || Number.isInteger(number))) return
  throw new NodeLimitError(what, number, limit)
}
