/** One endpoint or several. */
export type Endpoints = readonly [string, ...string[]]

/**
 * The endpoints that a caller has given.
 *
 * @param action What they are for: "start the broker".
 * @param name The option that names them.
 * @throws {TypeError} When there is none.
 */
export function checkEndpoints(action: string, name: string, given: string | readonly string[]): Endpoints {
  const [first, ...others] = typeof given === 'string' ? [given] : given
  if (first === undefined) throw new TypeError(`Cannot ${action}: it has no endpoint; name one in ${name}`)
  return [first, ...others]
}

/** Binds to endpoints, one after the other. Resolves with these endpoints, with the ports that `tcp://…:*` got. */
export async function bindAll<T extends readonly string[]>(
  endpoints: T,
  bind: (endpoint: string) => Promise<string>,
): Promise<{ readonly [N in keyof T]: string }> {
  const bound: string[] = []
  for (const endpoint of endpoints) bound.push(await bind(endpoint))
  // As many as there were.
  return bound as { readonly [N in keyof T]: string }
}
