import { computeLimits, type ComputeLimits } from './compute/compute-options.js'

const MAX_THREADS = 1024

/** How a system is started. */
export interface SystemOptions {
  /** Threads that `shared` actors live on. Default: one less than the machine has cores, at least 1. 0 puts them on the main thread. */
  readonly threads?: number
  /** The module that fills the container of each thread: `new URL('./container.js', import.meta.url)`. Its default export is a `ContainerSetup`. */
  readonly container?: URL | string
  /** The system's name in the names of its threads. Default `'zera'`. */
  readonly name?: string
  /** Milliseconds until each thread must be ready. Default 10,000. */
  readonly startMs?: number
  /** Milliseconds that each thread has to close when the system stops, after its actors have stopped. Default 5,000. */
  readonly stopMs?: number
  /** What `compute` may use. Default: as many threads as the machine has cores, started when they are first needed. */
  readonly compute?: ComputeLimits
  /** How many of the last dead letters are kept, to be looked at and replayed; then the oldest gives way. Default 1,000. */
  readonly maxDeadLetters?: number
  /** Whether SIGINT and SIGTERM stop the system and end the process with 130 and 143; a second one forces. Default true. */
  readonly handleSignals?: boolean
}

/**
 * Checks what TypeScript cannot.
 *
 * @throws {RangeError} When `threads` is no whole number from 0 to 1024, or another number is negative or none. @throws {TypeError} When `container` is no URL.
 */
export function checkOptions(options: SystemOptions): void {
  const { threads = 1, startMs = 0, stopMs = 0, maxDeadLetters = 0, container } = options
  if (!Number.isInteger(threads) || threads < 0 || threads > MAX_THREADS) {
    throw new RangeError(`Cannot start a system: threads must be a whole number from 0 to ${MAX_THREADS}, not ${threads}`)
  }
  for (const [name, ms] of Object.entries({ startMs, stopMs })) {
    if (!(ms >= 0)) throw new RangeError(`Cannot start a system: ${name} must be 0 or more, not ${ms}`)
  }
  computeLimits(options.compute)
  if (!Number.isInteger(maxDeadLetters) || maxDeadLetters < 0) throw new RangeError(`Cannot start a system: maxDeadLetters must be a whole number from 0 on, not ${maxDeadLetters}`)
  if (container !== undefined && !URL.canParse(container.toString())) {
    throw new TypeError(`Cannot start a system: container "${container.toString()}" is no URL; pass new URL('./container.js', import.meta.url)`)
  }
}
