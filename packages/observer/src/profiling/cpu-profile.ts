import type { Profiler } from 'node:inspector'

/** A place in the code of a thread. */
interface Frame {
  readonly name: string
  /** Empty for what Node does itself. */
  readonly url: string
  /** Counted from 1; 0 when it is not known. */
  readonly line: number
}

/** The stack that a thread was in more often than in any other, and how often. */
export interface HotStack {
  /** The innermost first. */
  readonly frames: readonly Frame[]
  /** From 0 to 1. */
  readonly share: number
}

/** What a profile says about where a thread is; undefined when it did nothing. */
export function hotStackOf({ nodes, samples = [] }: Profiler.Profile): HotStack | undefined {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id] as const)))
  const byId = new Map(nodes.map(node => [node.id, node]))
  const counts = new Map<number, number>()
  for (const id of samples) {
    const name = byId.get(id)?.callFrame.functionName
    if (name !== '(idle)' && name !== '(program)') counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const hottest = [...counts].toSorted(([, a], [, b]) => b - a)[0]
  if (hottest === undefined) return undefined
  const [id, count] = hottest
  const frames: Frame[] = []
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const frame = byId.get(at)?.callFrame
    if (frame === undefined || frame.functionName === '(root)') continue
    frames.push({ name: frame.functionName || '(anonymous)', url: frame.url, line: frame.lineNumber + 1 })
  }
  return { frames, share: count / samples.length }
}
