import type { Progress } from '@zera/core/internal'
import { FIRST_ACTOR_ID } from '../model/address.js'
import { type CallBody, type WireBody, ASK, TELL } from './format/message-format.js'

/**
 * What happens to the messages that a host had not handled when it went down. Plain data: the main thread tells their
 * senders.
 */
export interface Redelivery {
  /** The actors whose messages are redelivered, by id, and how often a message may have been started before. */
  readonly actors: readonly (readonly [id: number, maxRedeliveries: number])[]
  /**
   * Whether messages whose handling had not begun go to the next incarnation for all actors: their thread was killed
   * because of another actor.
   */
  readonly keepsUnbegun: boolean
}

/** What becomes of a message that came back. */
export type Fate =
  /** It goes to the next incarnation; its handler was started this many times before. */
  | { readonly kind: 'again'; readonly message: CallBody; readonly redelivered: number }
  /** Its thread went down during one handling too many. */
  | { readonly kind: 'poison' }
  /** It goes back to its sender. */
  | { readonly kind: 'given-back' }

/**
 * Decides what becomes of a message that came back. The system's messages to its services there concern only the thread
 * that is gone. A message whose handling had not begun goes as often as necessary, since that repeats nothing.
 *
 * @param isAwaited Whether the asker still waits for the answer to an ask.
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
