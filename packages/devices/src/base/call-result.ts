/** How many promises in a row a result may resolve with. `await` would follow them forever and block the thread. */
const MOST_FOLLOWED = 10

type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown

/**
 * The value that `await` gets from the result of a call, in a box, so that no later code looks for a `then` in it
 * again. A foreign object may return a different `then` each time.
 *
 * @throws What the call rejects with, what throws when it is looked at, and a RangeError when the result resolves with
 *   one that is still to come, without end.
 */
export async function resultOf(returned: unknown): Promise<{ readonly value: unknown }> {
  let value = returned
  for (let followed = 0; followed <= MOST_FOLLOWED; followed++) {
    const then = thenOf(value)
    if (then === undefined) return { value }
    const awaited = value
    // In a box: what a promise is resolved with must not be one that it follows by itself.
    const settled = await new Promise<{ readonly value: unknown }>((resolve, reject) =>
      then.call(awaited, inner => resolve({ value: inner }), reject),
    )
    value = settled.value
  }
  throw new RangeError(
    `Cannot await the result: it has turned out to be one that is still to come ${MOST_FOLLOWED} times; return a promise of a value`,
  )
}

function thenOf(value: unknown): Then | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const { then } = value as { readonly then?: unknown }
  return typeof then === 'function' ? (then as Then) : undefined
}
