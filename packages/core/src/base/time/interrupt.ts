import { expectOptions, optionNames } from '../values/options/known-options.js'
import { NUMBER } from '../values/options/option-kinds.js'

/** How a program reacts to an interrupt. */
export interface InterruptOptions {
  /**
   * The exit code of a process that calls `process.exit()` after it has handled the signal. Default: 130 for SIGINT,
   * 143 for SIGTERM; 0 is possible.
   */
  readonly exitCode?: number | undefined
}

const INTERRUPT_OPTIONS = optionNames<InterruptOptions>({ exitCode: NUMBER })
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** An AbortSignal for requests to end the process. Disposing it restores the process's signal handling. */
export interface InterruptSignal extends AbortSignal, Disposable {}

/**
 * Returns an AbortSignal that aborts at SIGINT (Ctrl-C) and SIGTERM; its `reason` is an `InterruptError`. The process
 * goes on, so that the program can stop what it runs, and its exit code is set to 130 or 143. A second signal ends the
 * process at once.
 *
 * The idea comes from zguide's "interrupt": everything that waits gets the signal, and returns.
 *
 * @example
 *   using interrupted = interruptSignal()
 *   while (!interrupted.aborted) await server.receive({ signal: interrupted })
 */
export function interruptSignal(options: InterruptOptions = {}): InterruptSignal {
  expectOptions('wait for an interrupt', options, INTERRUPT_OPTIONS)
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

/** The process received a signal to end. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError'
  readonly code = 'ZERA_INTERRUPTED'
  readonly signal: 'SIGINT' | 'SIGTERM'

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`The process received ${signal}`)
    this.signal = signal
  }
}
