import type { ChildSnapshot } from '@zera/actors/internal'
import type { ActorDetail, Detail } from '../model/messages.js'

/** What hosts have said of their actors, as far as it is worth telling. */
export function detailOf(tree: readonly ChildSnapshot[], elsewhere: Detail['elsewhere'], askedAtMs: number): Detail {
  return { askedAtMs, actors: [...actorsIn(tree)], elsewhere }
}

function* actorsIn(tree: readonly ChildSnapshot[]): Generator<ActorDetail> {
  for (const { actor, children } of tree) {
    const waiting = actor?.mailbox?.waiting ?? 0
    if (actor !== undefined && (waiting > 0 || actor.waitsFor.length > 0 || actor.durable !== undefined)) {
      const { id, handling, waitsFor, durable } = actor
      yield { id, waiting, sinceMs: handling?.sinceMs, waitsFor, durable }
    }
    yield* actorsIn(children)
  }
}
