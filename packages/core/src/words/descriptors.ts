import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { DescriptorLimitError, type DescriptorCount } from '../base/errors/errors.js'
import { seed } from './this-thread.js'

/** What a thread needs to start: its event loop, its sockets, and the modules that it reads at the same time. */
export const THREAD_DESCRIPTORS = 16
/** What modules need that are loaded when they are first wanted: Node never tries one again that it could not read. */
export const MODULE_DESCRIPTORS = 16
/** What ZeroMQ needs to begin with. It aborts the process without. */
export const CONTEXT_DESCRIPTORS = 16

const SHORTAGES = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ERR_WORKER_INIT_FAILED'])

/** The last limit that could be read: without a free descriptor it cannot. */
let knownLimit = seed?.descriptorLimit

/**
 * The limit, for threads that may come to have no descriptor left to read it with. Undefined where the system does not
 * say.
 */
export function descriptorLimit(): number | undefined {
  knownLimit ??= countDescriptors()?.limit
  return knownLimit
}

/** Undefined where the system does not say. */
export function countDescriptors(): DescriptorCount | undefined {
  try {
    const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? Infinity)
    knownLimit = limit
    // Reading the folder takes one itself.
    return { open: readdirSync('/proc/self/fd').length - 1, limit }
  } catch (error) {
    return isOutOfDescriptors(error) && knownLimit !== undefined ? { open: knownLimit, limit: knownLimit } : undefined
  }
}

/**
 * Sees to it that there is something left for what cannot go back half-way.
 *
 * @param action What is to be done, for the error: "start thread a".
 * @throws {DescriptorLimitError} When the process may not open so many descriptors more.
 */
export function expectDescriptors(action: string, needed: number): void {
  const count = countDescriptors()
  if (count === undefined ? !canOpen(needed) : count.limit - count.open < needed)
    throw new DescriptorLimitError(action, count, needed, {
      cause: Object.assign(new Error('too many open files'), { code: 'EMFILE' }),
    })
}

/** What a link between two threads takes. */
const LINK_DESCRIPTORS = 2
/**
 * What links leave to others, so that a thread can still be started instead of one that has ended: at most that, and an
 * eighth of a small limit.
 */
const RESERVE = THREAD_DESCRIPTORS + MODULE_DESCRIPTORS
/** Counting looks at each descriptor, so it is done once for so many links. */
const LINKS_A_COUNT = 16

let linksUntilCount = 0

/**
 * Why there should be no more links between threads now; undefined when there is room for one. Links come to be the
 * most that a process has: those of n threads that all talk to all take n * (n - 1) descriptors.
 */
export function roomForLink(): DescriptorLimitError | undefined {
  linksUntilCount -= 1
  if (linksUntilCount > 0) return undefined
  const count = countDescriptors()
  if (count === undefined) return undefined
  const free = count.limit - count.open - Math.min(RESERVE, Math.floor(count.limit / 8))
  if (free < LINK_DESCRIPTORS) {
    linksUntilCount = 0
    return new DescriptorLimitError('link two threads', count, LINK_DESCRIPTORS)
  }
  linksUntilCount = Math.min(LINKS_A_COUNT, Math.floor(free / LINK_DESCRIPTORS))
  return undefined
}

/**
 * Whether an error, or what caused it, says that the process has no descriptor, no memory or no thread left, so that
 * what was tried may succeed later.
 */
export function isShortage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DescriptorLimitError || SHORTAGES.has((cause as NodeJS.ErrnoException).code ?? '')) return true
  }
  return false
}

/** Whether an error of the system, of ZeroMQ or of Node says that there is no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE' || (code === 'ERR_WORKER_INIT_FAILED' && message.includes('MFILE'))
}

/** Whether there are so many descriptors now, by trying it. Also for where the system does not say. */
export function canOpen(needed: number): boolean {
  const opened: number[] = []
  try {
    while (opened.length < needed) opened.push(openSync(devNull, 'r'))
    return true
  } catch {
    return false
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

if (isMainThread) descriptorLimit()
