import { POOL_HOST } from '../address.js'
import type { ActorRef } from './ref.js'

/** @throws {RangeError} When a ref is to a pool. */
export function expectActor(ref: ActorRef<object>): void {
  if (ref.address.host === POOL_HOST)
    throw new RangeError(
      `Cannot watch ${ref.toString()}: it is a pool, whose workers come and go; its events tell of them`,
    )
}
