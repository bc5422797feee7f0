import type { Address } from '../model/address.js'
import type { DeadLetter } from '../model/events/dead-letter.js'

/** One publication, where it is published and where it arrives. */
export interface Publication {
  readonly topic: string
  readonly key: string
  /** The publisher, if it was an actor. */
  readonly from: Address | undefined
  readonly data: unknown
  readonly traceparent: string | undefined
}

/** Why a publication did not reach a subscriber, and how far it came. */
export type MissedBecause = Pick<DeadLetter, 'reason' | 'progress' | 'error'>
