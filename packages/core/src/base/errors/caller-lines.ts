import { ZeraError } from './errors.js'

/** A function of the public API, below which the stack of a caller begins. It must be on the stack. */
export type Verb = (...args: any[]) => unknown

/** Makes an error. The stack of the callers begins below the function that it gets. */
type MakeError = (above: Verb) => unknown

/**
 * Has the stack of an error of Zera begin with the caller of a function, which what lies between would otherwise push
 * out of it. All else is as it is: an error that is not Zera's, and one whose caller is unknown.
 *
 * It costs nothing until there is an error.
 */
export function atCaller<E>(error: E, verb: Verb): E {
  if (!(error instanceof ZeraError)) return error
  const lines = callerLines(verb)
  if (lines !== '') error.stack = `${error.name}: ${error.message}\n${lines}`
  return error
}

/**
 * Has the errors of Zera that a promise rejects with show who awaits the promise that this returns.
 *
 * @param soon Runs a function in the next turn of the event loop, in which the promise rejects; see `rejectedSoon`.
 */
export function rejectingAtCaller<T>(promise: Promise<T>, soon: (run: () => void) => void): Promise<T> {
  return new Promise<T>(resolve => {
    promise.then(resolve, (error: unknown) => resolve(rejectedAtCaller(error, soon)))
  })
}

/** A promise that rejects so with an error, for the `catch` of an async function: what that waits for costs nothing. */
export function rejectedAtCaller(error: unknown, soon: (run: () => void) => void): Promise<never> {
  return new Promise<never>(resolve => {
    soon(() => rejectToCaller(resolve as (value: unknown) => void, above => atCaller(error, above)))
  })
}

/**
 * Rejects a promise with an error whose stack shows who awaits the promise, at no cost for a promise that resolves.
 *
 * V8 knows who awaits a promise, and writes that into the stack of an error that is made in a reaction of the promise
 * that it waits for. So this first makes the promise wait for another one, and then makes the error. A caller that
 * passes functions to `then` or `catch`, and awaits nothing, is not known.
 *
 * @param resolve That of the promise.
 */
export function rejectToCaller(resolve: (value: unknown) => void, make: MakeError): void {
  let go: () => void = () => undefined
  const later = new Promise<void>(resolveLater => (go = resolveLater))
  resolve(
    later.then(function react() {
      throw make(react)
    }),
  )
  // The promise waits for the other one from the next turn of the microtasks on.
  void Promise.resolve().then(() => Promise.resolve().then(go))
}

/** The lines of those that call a function, or await it, without those of Node that ran a reaction. */
export function callerLines(verb: Verb): string {
  const here: { stack?: unknown } = {}
  Error.captureStackTrace(here, verb)
  if (typeof here.stack !== 'string') return ''
  return here.stack
    .split('\n')
    .filter(line => /^\s+at /u.test(line) && !line.includes('(node:internal/'))
    .join('\n')
}
