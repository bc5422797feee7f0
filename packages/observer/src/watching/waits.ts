import type { Detail } from '../model/messages.js'
import type { ActorTitle, WaitState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'
import type { Known } from './known-actors.js'
import { circlesIn } from './wait-graph.js'

/** Which handlers wait for which actors. */
export function waitsIn({ actors }: Detail, known: ReadonlyMap<number, Known>): WaitState[] {
  const called = (id: number): ActorTitle => {
    const actor = known.get(id)
    return { id, title: actor === undefined ? `actor ${id}` : titleOf(actor) }
  }
  return actors.flatMap(({ id, sinceMs = 0, waitsFor }) =>
    waitsFor.map(({ actor, method }) => ({ from: called(id), to: called(actor), method, sinceMs })),
  )
}

/**
 * Actors that wait for each other.
 *
 * Hosts answer one after the other, so what they say together may never have been true at one time. But a handler that
 * has run since before the first was asked, and whose ask is with one that has run as long, still waits.
 */
export function deadlocksIn(waits: readonly WaitState[], askedAtMs: number): ActorTitle[][] {
  const old = waits.filter(({ sinceMs }) => sinceMs < askedAtMs)
  const titles = new Map(old.flatMap(({ from, to }) => [from, to]).map(each => [each.id, each]))
  return circlesIn(old.map(({ from, to }) => ({ from: from.id, to: to.id }))).map(circle =>
    circle.map(id => titles.get(id) as ActorTitle),
  )
}
