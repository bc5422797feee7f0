import type { Progress } from '@zera/core/internal'
import { FIRST_ACTOR_ID } from '../model/address.js'
import type { Redelivery } from '../platform/peer-down.js'
import { type CallBody, type MessageBody, ASK, TELL } from './format/message-format.js'

/** What becomes of a message that came back. */
export type Fate =
  /** It goes to the next incarnation; its handler was started this many times before. */
  | { readonly kind: 'again'; readonly message: CallBody; readonly redelivered: number }
  /** Its thread went down during one handling too many. */
  | { readonly kind: 'poison' }
  /** It goes back to its sender. */
  | { readonly kind: 'given-back' }
  /** Its actor finds it where it is kept. */
  | { readonly kind: 'kept' }

/**
 * Decides what becomes of a message that came back. The system's messages to its services there concern only the thread
 * that is gone. A message whose handling had not begun goes as often as necessary, since that repeats nothing.
 *
 * @param isAwaited Whether the asker still waits for the answer to an ask.
 */
export function fateOf(
  body: MessageBody,
  progress: Progress,
  redelivery: Redelivery | undefined,
  isAwaited: (correlation: number) => boolean,
): Fate {
  if (body[0] === TELL && body[5] > 0) return { kind: 'kept' }
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
