import { performance, type Performance } from 'node:perf_hooks'
import nodeProcess from 'node:process'
import timers from 'node:timers'
import { inRootContext } from './root-context.js'

/** Something that Node runs later. After `unref` it does not keep the process alive. */
type Timeout = NodeJS.Timeout

const node = {
  setTimeout: real(timers, 'setTimeout'),
  clearTimeout: real(timers, 'clearTimeout'),
  setInterval: real(timers, 'setInterval'),
  clearInterval: real(timers, 'clearInterval'),
  setImmediate: real(timers, 'setImmediate'),
  queueMicrotask: real(globalThis, 'queueMicrotask'),
  nextTick: real(nodeProcess, 'nextTick'),
  hrtime: real(nodeProcess, 'hrtime'),
  Date: real(globalThis, 'Date'),
  // Fakes are properties of the object itself.
  performance: Object.getPrototypeOf(performance) as Performance,
}

// Node's own timers and clocks, taken once when this module is loaded, so that a test which fakes the global ones stalls nothing in here. Where they are faked already, by
// @sinonjs/fake-timers as Vitest, Jest and Sinon do, the real ones are found behind the fakes. Everything in these packages that needs time takes it from here; the linter
// forbids the global ones.

/** Runs something once after some milliseconds, in no async context: timers may be shared. */
export function setTimeout(run: () => void, ms: number): Timeout {
  return inRootContext(() => node.setTimeout(run, ms))
}

export function clearTimeout(timer: Timeout | undefined): void {
  node.clearTimeout(timer)
}

/** Runs something again and again, in no async context. */
export function setInterval(run: () => void, ms: number): Timeout {
  return inRootContext(() => node.setInterval(run, ms))
}

export function clearInterval(timer: Timeout | undefined): void {
  node.clearInterval(timer)
}

/** Runs something when the event loop has turned, in no async context. */
export function setImmediate(run: () => void): void {
  inRootContext(() => node.setImmediate(run))
}

/** Runs something when this microtask has ended, in its async context. */
export function queueMicrotask(run: () => void): void {
  node.queueMicrotask(run)
}

/** Runs something when all microtasks have ended, in the async context of this one. */
export function nextTick(run: () => void): void {
  node.nextTick(run)
}

/** Milliseconds that only grow, for spans. */
export function monotonicMs(): number {
  return node.performance.now.call(performance)
}

/** Milliseconds since the Unix epoch, for people. */
export function epochMs(): number {
  return node.Date.now()
}

/** Nanoseconds of the machine's own time, which all its processes read alike. */
export function machineNs(): bigint {
  return node.hrtime.bigint()
}

/** Resolves after some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, ms))
}

/** Resolves when the event loop has turned. */
export function eventLoopTurned(): Promise<void> {
  return new Promise(resolve => void node.setImmediate(resolve))
}

/** What stands behind a fake, which has its clock as a property, with what it has replaced; or what is there. */
function real<T, K extends keyof T & string>(owner: T, name: K): T[K] {
  const { clock } = owner[name] as { clock?: Record<string, unknown> }
  return (clock?.[`_${name}`] ?? owner[name]) as T[K]
}
