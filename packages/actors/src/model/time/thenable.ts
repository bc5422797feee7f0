/** The `then` method, which makes a value awaitable. */
export type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown

// oxlint-disable-next-line typescript/unbound-method -- It is called with the promise that it belongs to.
const NATIVE = Promise.prototype.then as Then

/** The `then` of a value, read once, if it can be awaited. Throws what an accessor, or a Proxy, throws. */
export function thenOf(value: unknown): Then | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const { then } = value as { readonly then?: unknown }
  return typeof then === 'function' ? (then as Then) : undefined
}

/**
 * A promise for an awaited value, with the semantics of `await`: the first call from a foreign `then` counts, a promise
 * that it resolves with is followed, and what it throws is a rejection.
 *
 * @param then As `thenOf` has read it.
 */
export function promiseOf(value: unknown, then: Then): Promise<unknown> {
  return then === NATIVE
    ? (value as Promise<unknown>)
    : new Promise((resolve, reject) => then.call(value, resolve, reject))
}

/** Calls one of two functions with the outcome of a value, once and never synchronously. It never throws. */
export function whenSettled(
  value: unknown,
  then: Then,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  try {
    NATIVE.call(promiseOf(value, then), onValue, onError)
  } catch (error) {
    // It is not a promise, although it has the method of one, or its constructor cannot be read.
    Promise.reject(error as Error).catch(onError)
  }
}
