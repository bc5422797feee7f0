import type { Progress } from './outbox.js'

/** A message that its receiver did not handle, given back. */
export interface Returned {
  /** The message as it was sent: JSON data. */
  readonly body: unknown
  readonly progress: Progress
}

/** What a link leaves behind when its peer has ended. */
export interface Remains {
  /** Messages to the peer that it never finished, in the order in which they were sent. */
  readonly returned: readonly Returned[]
  /** How many messages the peer had accepted for this side that never left it. */
  readonly lost: number
}
