import type { BlackBoxReport, ChildSnapshot } from '@zera/actors/internal'
import type { ActorDetail } from '../model/messages.js'

/** What is known of one actor by the structure of its system. */
export type Known = Pick<NonNullable<ChildSnapshot['actor']>, 'id' | 'name' | 'definition' | 'host'>

/** What actors are doing, by their hosts and ids. */
export type Doings = ReadonlyMap<string, BlackBoxReport['actors'][number]>
/** What hosts have said of actors, by their ids. */
export type Details = ReadonlyMap<number, ActorDetail>

/** Under which an actor's doings are. */
export function keyOf(host: number, id: number): string {
  return `${host} ${id}`
}

/** All actors of a tree. */
export function knownIn(tree: readonly ChildSnapshot[]): Known[] {
  return tree.flatMap(({ actor, children }) => [...(actor === undefined ? [] : [actor]), ...knownIn(children)])
}
