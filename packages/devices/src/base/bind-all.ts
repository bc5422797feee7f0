/** Binds to endpoints, one after the other. Resolves with these endpoints, with the ports that `tcp://…:*` got. */
export async function bindAll(
  endpoints: readonly string[],
  bind: (endpoint: string) => Promise<string>,
): Promise<readonly string[]> {
  const bound: string[] = []
  for (const endpoint of endpoints) bound.push(await bind(endpoint))
  return bound
}
