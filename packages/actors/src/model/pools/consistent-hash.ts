import type { Route, RouteWorker } from './route.js'

/**
 * The same worker for the same key, which is the message's first argument: a string, a number, a bigint or a boolean.
 *
 * With n workers, adding or removing one moves one key in n. Each key ranks all possible workers (rendezvous hashing,
 * Thaler and Ravishankar 1998), and goes to the first that exists. All hosts agree.
 */
export const consistentHash: Route = {
  choose(workers, [key]) {
    const hash = hashOf(key)
    let best = 0
    let highest = -1
    for (let at = 0; at < workers.length; at++) {
      const rank = mix(hash ^ mix((workers[at] as RouteWorker).id))
      if (rank > highest) {
        best = at
        highest = rank
      }
    }
    return best
  },
}

/** FNV-1a. */
function hashOf(key: unknown): number {
  if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint' && typeof key !== 'boolean') {
    throw new TypeError(
      `Cannot route by consistent hash: the first argument is the key, and must be a string, a number, a bigint or a boolean, not ${typeof key}`,
    )
  }
  const text = String(key)
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** MurmurHash3's last step: every bit of the input flips half of the output's bits. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
