import type { Progress } from '@zera/core/internal'
import { FIRST_ACTOR_ID } from '../model/address.js'
import { type CallBody, type WireBody, ASK, TELL } from './format/message-format.js'

/**
 * What is to become of the messages that a host had not handled when it went down. Plain data: the main thread tells
 * those who had sent them.
 */
export interface Redelivery {
  /** The actors whose messages are delivered again, by id, and how often one may have been begun before. */
  readonly actors: readonly (readonly [id: number, maxRedeliveries: number])[]
  /**
   * Whether messages that nobody had begun go to the next incarnation for all actors: their thread was killed for
   * another's sake.
   */
  readonly keepsUnbegun: boolean
}

/** What becomes of a message that came back. */
export type Fate =
  /** It goes to the next incarnation; its handler has been begun so often before. */
  | { readonly kind: 'again'; readonly message: CallBody; readonly redelivered: number }
  /** It was begun once too often when its thread went down. */
  | { readonly kind: 'poison' }
  /** Its sender is told. */
  | { readonly kind: 'given-back' }

/**
 * Decides what becomes of a message that came back. What the system said to its services there concerns the thread that
 * is gone. A message that nobody had begun goes as often as it must, since nothing is repeated by that.
 *
 * @param isAwaited Whether somebody still waits for the answer to an ask.
 */
export function fateOf(
  body: WireBody,
  progress: Progress,
  redelivery: Redelivery | undefined,
  isAwaited: (correlation: number) => boolean,
): Fate {
  if (redelivery === undefined) return { kind: 'given-back' }
  const { actors, keepsUnbegun } = redelivery
  if (body[0] !== TELL && body[0] !== ASK) return { kind: 'given-back' }
  const [kind, to, , , , correlation, redelivered = 0] = body
  if (to < FIRST_ACTOR_ID || (kind === ASK && !isAwaited(correlation))) return { kind: 'given-back' }
  const limit = actors.find(([id]) => id === to)?.[1]
  if (progress === 'not-begun')
    return limit !== undefined || keepsUnbegun ? { kind: 'again', message: body, redelivered } : { kind: 'given-back' }
  if (limit === undefined) return { kind: 'given-back' }
  return redelivered < limit ? { kind: 'again', message: body, redelivered: redelivered + 1 } : { kind: 'poison' }
}
