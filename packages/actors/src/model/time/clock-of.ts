import type { Clock } from '@zera/core/internal'
import type { ActorContext } from '../actor-context.js'

/** The time of an actor's host, which the context of each instance has. */
export function clockOf(context: ActorContext): Clock {
  return (context as ActorContext & { readonly clock: Clock }).clock
}
