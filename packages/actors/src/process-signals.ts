import { describeThrown, isError, ZeraError } from '@zera/core'

/** What a signal does to a system. */
export interface Interruptible {
  stop(): Promise<unknown>
  /** Ends all threads at once. */
  force(): Promise<unknown>
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

const systems = new Set<Interruptible>()
let isStopping = false

/**
 * Lets SIGINT and SIGTERM stop a system, with all others of the process, and then end the process with the code that a shell expects, 130 or
 * 143; a second signal does not wait for anybody.
 *
 * Returns the function that gives the signals back.
 */
export function stopOnSignals(system: Interruptible): () => void {
  if (systems.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, handle)
  systems.add(system)
  return () => {
    systems.delete(system)
    // A second signal must still find somebody while others stop.
    if (systems.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, handle)
  }
}

function handle(signal: keyof typeof EXIT_CODES): void {
  const open = [...systems]
  const ended = Promise.all(open.map(system => (isStopping ? system.force() : system.stop())))
  if (!isStopping) process.on('uncaughtException', ignoreInterruption)
  isStopping = true
  void ended.finally(() => process.exit(EXIT_CODES[signal]))
}

/** What the program awaits when it is interrupted rejects. That is no error of the program, and must not end it with 1 before it has stopped. */
function ignoreInterruption(error: unknown): void {
  if (isError(error) && error instanceof ZeraError) return
  try {
    console.error(error)
  } catch {
    console.error(describeThrown(error))
  }
  process.exit(1)
}
