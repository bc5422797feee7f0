import { guarded } from '../errors/uncaught.js'
import { queueMicrotask } from '../runtime/real-timers.js'
import { catchUp, type Clock } from './clock.js'

interface Listener {
  readonly run: () => void
}

const listenersOf = new WeakMap<AbortSignal, Set<Listener>>()

/**
 * Runs something once when a signal aborts, unless the function that is returned is called before. It never runs within
 * this call: when the signal has aborted already, it runs as soon as the current code has ended. Without a signal it
 * never runs. However many listen, the signal has one listener, since Node warns of a leak where more than ten have,
 * and it has none when nothing listens any longer.
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return nothing
  if (signal.aborted) return runSoon(run)
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
 * Like `onAbort`, for something that a caller waits for. A signal that aborts for a deadline, as those of
 * `AbortSignal.timeout` do, works like any other deadline: see `whenDue`.
 */
export function whenAborted(clock: Clock, signal: AbortSignal | undefined, passed: () => void): () => void {
  let isCancelled = false
  const forgetSignal = onAbort(signal, () => {
    if (isTimeout(signal?.reason)) catchUp(clock, 0, () => isCancelled || passed())
    else passed()
  })
  return () => {
    isCancelled = true
    forgetSignal()
  }
}

/** Resolves when a signal aborts, or has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => void onAbort(signal, resolve))
}

/** Waits until a promise has settled, and rejects as it does; or until a signal aborts, or has. It leaves no listener. */
export async function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  let stopListening = nothing
  const over = new Promise<void>(resolve => (stopListening = onAbort(signal, resolve)))
  try {
    await Promise.race([promise, over])
  } finally {
    stopListening()
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** One function for all signals, so that it is found again. */
function abort(this: AbortSignal): void {
  const listeners = listenersOf.get(this) ?? []
  forget(this)
  for (const { run } of listeners) guarded(run)
}

function nothing(): void {}

function runSoon(run: () => void): () => void {
  let isCancelled = false
  queueMicrotask(() => isCancelled || guarded(run))
  return () => {
    isCancelled = true
  }
}

function listen(signal: AbortSignal, first: Listener): void {
  listenersOf.set(signal, new Set([first]))
  signal.addEventListener('abort', abort)
}

function forget(signal: AbortSignal): void {
  listenersOf.delete(signal)
  signal.removeEventListener('abort', abort)
}
