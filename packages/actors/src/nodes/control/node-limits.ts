import { expectHeapMb } from '@zera/core/internal'
import { NodeLimitError } from '../../model/errors.js'
import type { StartOptions } from './control.js'

/** The bounds of what a system may ask of a node that `zera-node` runs. What is beyond is refused there, and by `startSystem` before anybody is asked. */
export const NODE_LIMITS = {
  /** Threads that a system may want of one node; `--threads-max` has fewer. */
  maxThreads: 1024,
  /** Milliseconds between two signs of life, at least and at most. */
  minHeartbeatMs: 10,
  maxHeartbeatMs: 60_000,
  /** Milliseconds of silence after which a session ends: so long at most is a node kept by a system that has gone. */
  maxDeadlineMs: 600_000,
  /** Milliseconds that a thread may take to start, and to stop. */
  maxStartMs: 600_000,
  maxStopMs: 600_000,
} as const

/** Bounds of what a system may ask. */
export type NodeLimits = Readonly<Record<keyof typeof NODE_LIMITS, number>>

/** Those of a child of the system, which ends when that ends. */
export const CHILD_LIMITS: NodeLimits = { ...NODE_LIMITS, maxThreads: Infinity, maxDeadlineMs: Infinity, maxStartMs: Infinity, maxStopMs: Infinity }

/** Characters that the name of a thread may have. */
const MAX_NAME_CHARS = 1024
/** Modules that a spare thread may be told to import. */
const MAX_MODULES = 10_000

/** What is wrong with the times that a system and its nodes agree on; undefined when nothing is. */
export function heartbeatProblem({ heartbeatMs, deadlineMs }: { readonly heartbeatMs: number; readonly deadlineMs: number }, limits: NodeLimits = NODE_LIMITS): string | undefined {
  const { minHeartbeatMs, maxHeartbeatMs, maxDeadlineMs } = limits
  if (heartbeatMs >= minHeartbeatMs && heartbeatMs <= maxHeartbeatMs && deadlineMs >= 2 * heartbeatMs && deadlineMs <= maxDeadlineMs) return undefined
  return `heartbeatMs must be from ${minHeartbeatMs} to ${maxHeartbeatMs}, and deadlineMs at least twice that and at most ${maxDeadlineMs}, not ${heartbeatMs} and ${deadlineMs}`
}

/** Checks what a thread is to be started with. Its numbers become part of the path of its door. @throws {NodeLimitError} @throws {RangeError} When `maxHeapMb` is no limit of a heap. */
export function expectStartOptions(thread: number, { name, incarnation, startMs, maxHeapMb, modules }: StartOptions, { maxStartMs }: NodeLimits): void {
  expectWithin('the number of a thread', thread, Number.MAX_SAFE_INTEGER, true)
  expectWithin('its incarnation', incarnation, Number.MAX_SAFE_INTEGER, true)
  expectWithin('startMs', startMs, maxStartMs)
  expectWithin('the length of its name', name.length, MAX_NAME_CHARS)
  expectWithin('the number of modules to import ahead', modules.length, MAX_MODULES)
  expectHeapMb('start a thread', maxHeapMb)
}

/** The deadline of a stop, within bounds: what is none ends the thread at once. */
export function boundedStopMs(deadlineMs: number, { maxStopMs }: NodeLimits): number {
  return deadlineMs >= 0 ? Math.min(deadlineMs, maxStopMs) : 0
}

function expectWithin(what: string, number: number, limit: number, isWhole = false): void {
  if (typeof number === 'number' && number >= 0 && number <= limit && (!isWhole || Number.isInteger(number))) return
  throw new NodeLimitError(what, number, limit)
}
