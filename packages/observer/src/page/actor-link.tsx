import type { ActorTitle } from '../model/state.js'
import { hrefOf } from './route.js'

/** The name of an actor, which leads to it. */
export function ActorLink({ id, title }: ActorTitle) {
  return <a href={hrefOf({ screen: 'actor', id })}>{title}</a>
}
