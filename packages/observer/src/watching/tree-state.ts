import type { ChildSnapshot } from '@zera/actors/internal'
import type { TreeState } from '../model/state.js'
import { keyOf, type Details, type Doings } from './known-actors.js'

/** A child of a supervisor with its own children, and what they do. */
export function treeOf(
  { id, kind, state, restarts, actor, children }: ChildSnapshot,
  doings: Doings,
  details: Details,
): TreeState {
  const doing = actor && doings.get(keyOf(actor.host, actor.id))
  return {
    id,
    kind,
    state,
    restarts,
    actor: actor && {
      id: actor.id,
      host: actor.host,
      name: actor.name,
      definition: actor.definition,
      handled: doing?.handled ?? 0,
      waiting: details.get(actor.id)?.waiting ?? doing?.waiting ?? 0,
      durable: details.get(actor.id)?.durable,
      doing: doing?.handling && { method: doing.handling.method, sinceMs: doing.handling.sinceMs },
    },
    children: children.map(child => treeOf(child, doings, details)),
  }
}

/** The node of an actor; undefined when there is none. */
export function nodeOf(tree: readonly TreeState[], id: number): TreeState | undefined {
  for (const node of tree) {
    const found = node.actor?.id === id ? node : nodeOf(node.children, id)
    if (found !== undefined) return found
  }
  return undefined
}
