/** That one waits for another. */
interface Edge {
  readonly from: number
  readonly to: number
}

/**
 * Those who wait for each other: each circle once, by its members, in the order in which they wait. Whoever only waits
 * for one in a circle is not in it.
 */
export function circlesIn(edges: readonly Edge[]): number[][] {
  const next = new Map<number, number[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const settled = new Set<number>()
  const circles: number[][] = []
  for (const start of next.keys()) {
    if (settled.has(start)) continue
    // Depth first, without recursion: chains may be long.
    const path: { readonly id: number; at: number }[] = [{ id: start, at: 0 }]
    const onPath = new Map([[start, 0]])
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = next.get(top.id)?.[top.at++]
      if (to === undefined) {
        settled.add(top.id)
        onPath.delete(top.id)
        path.pop()
        continue
      }
      const place = onPath.get(to)
      if (place !== undefined) circles.push(path.slice(place).map(({ id }) => id))
      else if (!settled.has(to)) {
        onPath.set(to, path.length)
        path.push({ id: to, at: 0 })
      }
    }
  }
  return circles
}
