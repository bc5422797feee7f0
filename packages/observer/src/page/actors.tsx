import { useState } from 'preact/hooks'
import { amount, duration } from '../model/format.js'
import type { SystemState, TreeState } from '../model/state.js'
import { ActorLink } from './actor-link.js'

/** Nodes that are drawn at once: a page of 10,000 would not be read. */
const MOST = 500

/** Supervisors and actors, as they depend on each other. */
export function Actors({ state }: { state: SystemState }) {
  const [wanted, setWanted] = useState('')
  const left = { count: MOST }
  const isMore = countOf(state.tree, wanted.toLowerCase()) > MOST
  return (
    <section>
      <h2>Actors</h2>
      <label>
        Find <input type="search" value={wanted} onInput={event => setWanted(event.currentTarget.value)} />
      </label>
      <ul class="tree">
        {state.tree.map(node => (
          <Node key={node.id} node={node} wanted={wanted.toLowerCase()} atMs={state.atMs} left={left} />
        ))}
      </ul>
      {isMore && <p class="quiet">Only the first {MOST} are shown: find others by their name.</p>}
    </section>
  )
}

interface NodeProps {
  readonly node: TreeState
  readonly wanted: string
  readonly atMs: number
  readonly left: { count: number }
}

function Node({ node, wanted, atMs, left }: NodeProps) {
  if (!isWanted(node, wanted) || left.count-- <= 0) return null
  const { id, kind, state, restarts, actor, children } = node
  return (
    <li>
      <strong>
        {actor === undefined ? (
          id
        ) : (
          <ActorLink id={actor.id} title={actor.name || `${actor.definition} #${actor.id}`} />
        )}
      </strong>{' '}
      <span class="quiet">
        {actor === undefined ? kind : `${actor.definition} on ${actor.host === 0 ? 'main' : `thread ${actor.host}`}`}
      </span>{' '}
      <span class={state === 'running' ? 'good' : 'warning'}>{state}</span>{' '}
      {restarts > 0 && <span class="warning">{restarts} restarts </span>}
      {actor !== undefined && (
        <span class="quiet">
          {amount(actor.handled)} handled{actor.waiting > 0 && `, ${amount(actor.waiting)} waiting`}
          {actor.doing !== undefined &&
            `, ${actor.doing.method}() for ${duration(Math.max(0, atMs - actor.doing.sinceMs))}`}
        </span>
      )}
      {children.length > 0 && (
        <ul>
          {children.map(child => (
            <Node key={child.id} node={child} wanted={wanted} atMs={atMs} left={left} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** How many nodes are wanted. */
function countOf(tree: readonly TreeState[], wanted: string): number {
  return tree.reduce((sum, node) => sum + (isWanted(node, wanted) ? 1 + countOf(node.children, wanted) : 0), 0)
}

function isWanted({ id, actor, children }: TreeState, wanted: string): boolean {
  if (wanted === '') return true
  const text = `${id} ${actor?.name ?? ''} ${actor?.definition ?? ''} #${actor?.id ?? ''}`.toLowerCase()
  return text.includes(wanted) || children.some(child => isWanted(child, wanted))
}
