import { Worker } from 'node:worker_threads'

/** One copy of a package in a thread. */
export interface Copy {
  /** Where it was loaded from. */
  readonly url: string
  /** Its version; undefined where nothing says it. */
  readonly version?: string | undefined
  /** Whether this copy has made a value, when it makes some that another cannot use. */
  readonly hasMade?: (value: unknown) => boolean
}

const COPIES = Symbol.for('zera.copies')
const COUNT = Symbol.for('zera.copyCount')
type Registry = Record<string, Copy[] | undefined>

/**
 * Notes that a copy of a package was loaded in this thread, and returns all of them, the first that was loaded first.
 * The list is one for all copies, whatever their version.
 *
 * A program has two copies when two of its dependencies bring one each, or when a test runner or a bundler puts the
 * package together anew. Each works by itself: they share no state, and must not share a name in what the process has
 * once.
 */
export function joinCopies(name: string, copy: Copy): readonly Copy[] {
  const registry = ((globalThis as { [COPIES]?: Registry })[COPIES] ??= {})
  const copies = (registry[name] ??= [])
  copies.push(copy)
  return copies
}

/**
 * Counts a copy of core in this thread, and returns how many there were before. A test runner may give each test file a
 * global object of its own in one process, as Jest does, but all of them have the same modules of Node.
 */
export function countCopy(): number {
  const counted = Worker as { [COUNT]?: number }
  const before = counted[COUNT] ?? 0
  counted[COUNT] = before + 1
  return before
}

/** What the text of an error says where one copy has met what another has made, or started: that is the other's. */
export function describeCopies(name: string, own: Copy, other: Copy): string {
  const place =
    own.url === other.url ? 'this is the same, loaded twice' : `this is ${own.version ?? 'the copy'} at ${own.url}`
  const version = other.version === undefined ? '' : ` ${other.version}`
  return `${name}${version} at ${other.url}, and ${place}; install one copy for all that use it, or keep the package out of the bundle`
}
