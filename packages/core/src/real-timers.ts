import { performance, type Performance } from 'node:perf_hooks'
import nodeProcess from 'node:process'
import timers from 'node:timers'

/**
 * Node's own timers and clocks, taken once when this module is loaded, so that a test which fakes the global ones stalls nothing in here. Where they are faked already, by
 * `@sinonjs/fake-timers` as Vitest, Jest and Sinon do, the real ones are found behind the fakes.
 *
 * Everything in these packages that needs time takes it from here; the linter forbids the global ones.
 */
export const setTimeout = real(timers, 'setTimeout')
export const clearTimeout = real(timers, 'clearTimeout')
export const setInterval = real(timers, 'setInterval')
export const clearInterval = real(timers, 'clearInterval')
export const setImmediate = real(timers, 'setImmediate')
export const clearImmediate = real(timers, 'clearImmediate')
export const queueMicrotask = real(globalThis, 'queueMicrotask')
export const nextTick = real(nodeProcess, 'nextTick')

// Fakes are properties of the object itself.
const { now } = Object.getPrototypeOf(performance) as Performance
const { now: dateNow } = real(globalThis, 'Date')
const { bigint } = real(nodeProcess, 'hrtime')

/** Milliseconds that only grow, for spans. */
export function monotonicMs(): number {
  return now.call(performance)
}

/** Milliseconds since the Unix epoch, for people. */
export function epochMs(): number {
  return dateNow()
}

/** Nanoseconds of the machine's own time, which all its processes read alike. */
export function machineNs(): bigint {
  return bigint()
}

/** Resolves after some milliseconds, or when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const wake = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal?.addEventListener('abort', wake)
  })
}

/** Resolves when the event loop has turned. */
export function eventLoopTurned(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** What stands behind a fake, which has its clock as a property, with what it has replaced; or what is there. */
function real<T, K extends keyof T & string>(owner: T, name: K): T[K] {
  const { clock } = owner[name] as { clock?: Record<string, unknown> }
  return (clock?.[`_${name}`] ?? owner[name]) as T[K]
}
