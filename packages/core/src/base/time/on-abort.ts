import { guarded } from '../errors/uncaught.js'
import { caughtUp } from './caught-up.js'

interface Listener {
  readonly run: () => void
}

const listenersOf = new WeakMap<AbortSignal, Set<Listener>>()

/**
 * Runs something when a signal aborts, unless the function that is returned is called before; not when it has aborted
 * already. However many listen, the signal has one listener, since Node warns of a leak where more than ten have, and
 * it has none when nothing listens any longer.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const listener: Listener = { run }
  const known = listenersOf.get(signal)
  if (known === undefined) listen(signal, listener)
  else known.add(listener)
  return () => {
    const listeners = listenersOf.get(signal)
    if (listeners?.delete(listener) === true && listeners.size === 0) forget(signal)
  }
}

/**
 * Calls back once when a signal aborts. Where it does so for a deadline, as those of `AbortSignal.timeout` do, that is
 * when what had arrived by then was received. Returns the function that takes the wish back.
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  let isCancelled = false
  const forgetSignal = onAbort(signal, () => {
    if (!isTimeout(signal.reason)) callback()
    else void caughtUp().then(() => isCancelled || guarded(callback))
  })
  return () => {
    isCancelled = true
    forgetSignal()
  }
}

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

/** One function for all signals, so that it is found again. */
function abort(this: AbortSignal): void {
  const listeners = listenersOf.get(this) ?? []
  forget(this)
  for (const { run } of listeners) guarded(run)
}

function listen(signal: AbortSignal, first: Listener): void {
  listenersOf.set(signal, new Set([first]))
  signal.addEventListener('abort', abort)
}

function forget(signal: AbortSignal): void {
  listenersOf.delete(signal)
  signal.removeEventListener('abort', abort)
}
