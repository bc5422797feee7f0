/** What the inspector gives, as far as it is drawn. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
}

/** One box of a flame graph. Its place and its width are shares of the whole. */
export interface Flame {
  readonly name: string
  readonly place: string
  readonly depth: number
  readonly left: number
  readonly width: number
}

/** A profile as boxes: who called whom, and for how much of the time. Idle time is left out. */
export function flamesOf({ nodes, samples }: Profile): Flame[] {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const own = new Map<number, number>()
  for (const id of samples) own.set(id, (own.get(id) ?? 0) + 1)
  const sizes = new Map<number, number>()
  const sizeOf = (id: number): number => {
    const node = byId.get(id)
    if (node === undefined || node.callFrame.functionName === '(idle)') return 0
    const size = (node.children ?? []).reduce((sum, child) => sum + sizeOf(child), own.get(id) ?? 0)
    sizes.set(id, size)
    return size
  }
  const [root] = nodes
  const whole = root === undefined ? 0 : sizeOf(root.id)
  const flames: Flame[] = []
  const draw = (id: number, depth: number, left: number): void => {
    const node = byId.get(id)
    const width = (sizes.get(id) ?? 0) / whole
    if (node === undefined || width === 0) return
    const { functionName, url, lineNumber } = node.callFrame
    if (depth >= 0)
      flames.push({
        name: functionName || '(anonymous)',
        place: url === '' ? '' : `${url}:${lineNumber + 1}`,
        depth,
        left,
        width,
      })
    let at = left
    for (const child of node.children ?? []) {
      draw(child, depth + 1, at)
      at += (sizes.get(child) ?? 0) / whole
    }
  }
  if (root !== undefined && whole > 0) draw(root.id, -1, 0)
  return flames
}
