import type { Strategy } from '../../../model/supervision/supervisor-spec.js'
import type { Child } from '../child/child.js'

/** What decides where a child stands in the order of a stop. */
export type Stoppable = Pick<Child, 'tenure' | 'crew'> & {
  readonly spec: { readonly start: Pick<Child['spec']['start'], 'kind'> }
}

/**
 * In which order children are stopped: one group after the other, those of a group together.
 *
 * What is declared is stopped right to left, one after the other. Actors that are spawned under a supervisor that is
 * one-for-one know nothing of each other, so those that were spawned between the same two others are stopped together.
 */
export function stopOrder<C extends Stoppable>(newestFirst: readonly C[], strategy: Strategy): C[][] {
  const groups: C[][] = []
  let spawned: C[] | undefined
  for (const child of newestFirst) {
    const isSpawned = strategy === 'one-for-one' && child.tenure === 'passing' && child.spec.start.kind === 'actor'
    if (isSpawned && spawned !== undefined) {
      spawned.push(child)
      continue
    }
    const group = [child]
    groups.push(group)
    spawned = isSpawned ? group : undefined
  }
  return groups
}

/** Divides those of a group into what ends as one: a crew, or a single child. */
export function inCrews<C extends Pick<Child, 'crew'>>(group: readonly C[]): C[][] {
  const crews = new Map<unknown, C[]>()
  for (const child of group) {
    const crew = crews.get(child.crew ?? child)
    if (crew === undefined) crews.set(child.crew ?? child, [child])
    else crew.push(child)
  }
  return [...crews.values()]
}
