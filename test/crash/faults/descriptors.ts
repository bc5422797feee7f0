import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs'

/** How many descriptors of each kind this process has: of a file its path is the kind. */
export function countDescriptors(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of readdirSync('/proc/self/fd')) {
    const kind = kindOf(name)
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** The kinds of which there are more than before, in words. */
export function moreDescriptors(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): string[] {
  return Object.entries(after).flatMap(([kind, count]) => (count > (before[kind] ?? 0) ? [`${count - (before[kind] ?? 0)} ${kind}`] : []))
}

/** Takes every descriptor that this process may still have. Returns what gives them back. */
export function takeAllDescriptors(): () => void {
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch {
    return () => {
      for (const descriptor of taken) closeSync(descriptor)
    }
  }
}

function kindOf(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${name}`).replace(/:\[\d+\]$/, '')
  } catch {
    // It was that of the folder itself.
    return undefined
  }
}
