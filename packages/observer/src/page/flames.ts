/** A place in code. */
interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

/** Where time went, as the inspector gives it, as far as it is drawn. */
export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame; readonly children?: readonly number[] }[]
  readonly samples: readonly number[]
}

/** Where memory went. */
export interface HeapProfile {
  readonly head: HeapNode
}

interface HeapNode {
  readonly callFrame: Frame
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** One box of a flame graph. Its place and its width are shares of the whole. */
export interface Flame {
  readonly name: string
  readonly place: string
  readonly depth: number
  readonly left: number
  readonly width: number
  /** What it took itself, without what it called. */
  readonly own: number
}

/** What called what, and how much of something each had with all that it called. */
interface Call {
  readonly frame: Frame
  readonly size: number
  readonly calls: readonly Call[]
}

/**
 * A profile as boxes: who called whom, and for how much of the time. Idle time is left out.
 *
 * @param within Functions that alone are shown, with what they call. Default: all.
 */
export function flamesOf({ nodes, samples }: Profile, within?: readonly string[]): Flame[] {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const own = new Map<number, number>()
  for (const id of samples) own.set(id, (own.get(id) ?? 0) + 1)
  const callOf = (id: number): Call[] => {
    const node = byId.get(id)
    if (node === undefined || node.callFrame.functionName === '(idle)') return []
    const calls = (node.children ?? []).flatMap(callOf)
    return [{ frame: node.callFrame, size: sizeOf(calls, own.get(id) ?? 0), calls }]
  }
  const [root] = nodes
  return root === undefined ? [] : callOf(root.id).flatMap(call => drawn(call, within))
}

/** The same of memory: who called whom, and how much that took. */
export function heapFlamesOf({ head }: HeapProfile, within?: readonly string[]): Flame[] {
  const callOf = ({ callFrame, selfSize, children }: HeapNode): Call => {
    const calls = children.map(callOf)
    return { frame: callFrame, size: sizeOf(calls, selfSize), calls }
  }
  return drawn(callOf(head), within)
}

function sizeOf(calls: readonly Call[], own: number): number {
  return calls.reduce((sum, { size }) => sum + size, own)
}

/** The outermost calls of some functions. */
function callsOf(names: readonly string[], call: Call): readonly Call[] {
  return names.includes(call.frame.functionName) ? [call] : call.calls.flatMap(inner => callsOf(names, inner))
}

/** The boxes of all calls below a root, or of those of some functions. */
function drawn(whole: Call, within: readonly string[] | undefined): Flame[] {
  const calls = within === undefined ? whole.calls : callsOf(within, whole)
  const root: Call = { frame: whole.frame, size: within === undefined ? whole.size : sizeOf(calls, 0), calls }
  const flames: Flame[] = []
  const draw = (
    { frame: { functionName, url, lineNumber }, size, calls: inner }: Call,
    depth: number,
    left: number,
  ): void => {
    const width = size / root.size
    if (size === 0) return
    const place = url === '' ? '' : `${url}:${lineNumber + 1}`
    if (depth >= 0)
      flames.push({
        name: functionName || '(anonymous)',
        place,
        depth,
        left,
        width,
        own: width - sizeOf(inner, 0) / root.size,
      })
    let at = left
    for (const call of inner) {
      draw(call, depth + 1, at)
      at += call.size / root.size
    }
  }
  draw(root, -1, 0)
  return flames
}
