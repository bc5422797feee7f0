/** One error object may pass through many asks, or be thrown again and again. */
const LONGEST_STACK = 8000

/** Makes an error. The stack of the callers begins below the function that it gets. */
type MakeError = (above: () => unknown) => unknown

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

/** Replaces the stack of a new error by the lines of the callers; see `rejectToCaller`. */
export function fromCaller<E extends Error>(error: E, above: () => unknown): E {
  const lines = callerLines(above)
  error.stack = `${error.name}: ${error.message}${lines === '' ? '' : `\n${lines}`}`
  return error
}

/**
 * Adds the lines of the callers to the stack of an error that was made elsewhere; see `rejectToCaller`.
 *
 * @param call What was called, in words: `add() of actor Counter#16@1`.
 */
export function withCaller<E>(error: E, call: string, above: () => unknown): E {
  try {
    if (!(error instanceof Error)) return error
    const lines = callerLines(above)
    const { stack } = error
    if (lines === '' || typeof stack !== 'string' || stack.length > LONGEST_STACK || stack.includes(lines)) return error
    error.stack = `${stack}\n    at ask ${call}\n${lines}`
  } catch {
    // It is frozen, or its stack cannot be read. It is what the handler threw all the same.
  }
  return error
}

/** Those that await, without the lines of Node that ran the reaction. */
function callerLines(above: () => unknown): string {
  const here: { stack?: unknown } = {}
  Error.captureStackTrace(here, above)
  if (typeof here.stack !== 'string') return ''
  return here.stack
    .split('\n')
    .filter(line => /^\s+at /u.test(line) && !line.includes('(node:internal/'))
    .join('\n')
}
