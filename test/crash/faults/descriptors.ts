import { closeSync, openSync } from 'node:fs'

/** The kinds of descriptors of which there are more than before, in words. */
export function moreDescriptors(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(after).flatMap(([kind, count]) =>
    count > (before[kind] ?? 0) ? [`${count - (before[kind] ?? 0)} ${kind}`] : [],
  )
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
