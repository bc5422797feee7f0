import { availableParallelism } from 'node:os'
import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import { FLAG, NUMBER, SIGNAL, expectNumber, type Filled, expectOptions, optionNames } from '@zera/core/internal'

/** How a system computes. */
export interface ComputeLimits {
  /** Threads that compute, started on first use. Default: as many as the machine has cores. */
  readonly threads?: number | undefined
  /** Jobs that may wait for a thread; one more rejects with ComputeQueueFullError. Default 10,000; 0 lets none wait. */
  readonly maxQueue?: number | undefined
}

/** How to run one job. */
export interface ComputeOptions {
  /**
   * Gives up the job. A waiting job is dropped; a running job is killed with its thread, and no other job is. The call
   * rejects with the signal's reason when the thread has ended.
   */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call until the job is given up in the same way, with a ComputeTimeoutError. Default Infinity. */
  readonly timeoutMs?: number | undefined
  /**
   * ArrayBuffers among the arguments to move instead of copying: the caller's are empty afterwards. From the main
   * thread also MessagePorts.
   */
  readonly transfer?: readonly (ArrayBuffer | MessagePort)[] | undefined
  /** Whether to move the ArrayBuffers of the result, which leaves the job's own empty. Default false: they are copied. */
  readonly transferResult?: boolean | undefined
}

const COMPUTE_LIMITS = optionNames<ComputeLimits>({ threads: true, maxQueue: true })
const COMPUTE_OPTIONS = optionNames<ComputeOptions>({
  signal: SIGNAL,
  timeoutMs: NUMBER,
  transfer: true,
  transferResult: FLAG,
})

/** @throws {TypeError} When one is unknown. */
export function expectComputeOptions(options: ComputeOptions): void {
  expectOptions('compute', options, COMPUTE_OPTIONS)
}

/** @throws {TypeError} When `transfer` contains something that cannot be moved. */
export function expectTransfer(transfer: readonly unknown[]): void {
  if (!transfer.every(item => types.isArrayBuffer(item) || item instanceof MessagePort)) {
    throw new TypeError('Cannot compute: transfer takes ArrayBuffers and MessagePorts; of a view, its buffer')
  }
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} When a number is out of its range.
 */
export function computeLimits(limits: ComputeLimits = {}): Filled<ComputeLimits> {
  expectOptions('start a system: compute', limits, COMPUTE_LIMITS)
  const { threads = availableParallelism(), maxQueue = 10_000 } = limits
  expectNumber('compute', 'threads', threads, { from: 1, isWhole: true })
  expectNumber('compute', 'maxQueue', maxQueue)
  return { threads, maxQueue }
}
