import { readdirSync, readlinkSync } from 'node:fs'

/**
 * How many descriptors this process has, by kind: `eventfd` (one for each socket of ZeroMQ), `eventpoll`, `socket`,
 * `pipe`, `file` and what else there is.
 */
export function descriptorsByKind(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const descriptor of readdirSync('/proc/self/fd')) {
    const kind = kindOf(descriptor)
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** Undefined for the descriptor that the folder itself was read with. */
function kindOf(descriptor: string): string | undefined {
  try {
    const target = readlinkSync(`/proc/self/fd/${descriptor}`)
    return /^anon_inode:\[?(\w+)/.exec(target)?.[1] ?? /^(\w+):\[/.exec(target)?.[1] ?? 'file'
  } catch {
    return undefined
  }
}
