/** How a program reacts to being interrupted. */
export interface InterruptOptions {
  /**
   * The code of a process that leaves by `process.exit()` after the signal was handled. Default: 130 for SIGINT, 143
   * for SIGTERM; 0 by choice.
   */
  readonly exitCode?: number
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** A signal that aborts when the process is told to end, and that gives the process's signals back when it is disposed. */
export interface InterruptSignal extends AbortSignal, Disposable {}

/**
 * Gives an AbortSignal that aborts at SIGINT (Ctrl-C) and SIGTERM; its `reason` is an `InterruptError`. The process
 * goes on, so that the program can stop what it has, and its exit code is set to 130 or 143. A second signal ends the
 * process at once.
 *
 * The idea is zguide's "interrupt": whatever waits gets the signal, and returns.
 *
 * @example
 *   ;```ts
 *   using interrupted = interruptSignal()
 *   while (!interrupted.aborted) await server.receive({ signal: interrupted })
 *   ```
 */
export function interruptSignal(options: InterruptOptions = {}): InterruptSignal {
  const controller = new AbortController()
  const handle = (signal: keyof typeof EXIT_CODES): void => {
    const exitCode = options.exitCode ?? EXIT_CODES[signal]
    if (controller.signal.aborted) process.exit(exitCode)
    process.exitCode = exitCode
    controller.abort(new InterruptError(signal))
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
    },
  })
}

/** The process was told to end. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError'
  readonly code = 'ZERA_INTERRUPTED'
  readonly signal: 'SIGINT' | 'SIGTERM'

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`The process was told to end by ${signal}`)
    this.signal = signal
  }
}
