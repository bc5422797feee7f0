import { onAbort } from '@zera/core/internal'

/** Resolves when a signal aborts, or has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else onAbort(signal, resolve)
  })
}

/** Whether a signal has aborted for a deadline, as those of `AbortSignal.timeout` do. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}
