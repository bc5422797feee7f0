import { ZeraError } from '@zera/core/internal'
import type { ActorRef } from './refs/ref.js'

interface RefusedMessage {
  readonly ref: ActorRef<object>
  readonly method: string
  readonly args: readonly unknown[]
}

/**
 * The messages of the errors that have one. They are not properties of the error: so they do not travel to another
 * thread with the error, and no logger, JSON or `util.inspect` finds them.
 */
const messages = new WeakMap<Error, RefusedMessage>()

/**
 * An error that carries the refused message, so that the sender can try again or send it elsewhere. The message is not
 * copied.
 *
 * Only the sender sees it: the message does not travel with the error to other threads, and does not appear when the
 * error is logged or printed. An error that is not about a message, or that came from another thread, carries none.
 */
export abstract class RefusedMessageError extends ZeraError {
  /** The actor that did not take the message. For a pool or a group it is the chosen member, if there was one. */
  get ref(): ActorRef<object> | undefined {
    return messages.get(this)?.ref
  }

  /** The method of the message. */
  get method(): string | undefined {
    return messages.get(this)?.method
  }

  /** The arguments of the message, as the sender passed them. */
  get args(): readonly unknown[] | undefined {
    return messages.get(this)?.args
  }
}

/**
 * Attaches a message to an error that can carry one and has none yet.
 *
 * @param ref Undefined for the system's own messages, which are never resent.
 * @returns The error.
 */
export function refusing<E>(error: E, ref: ActorRef<object> | undefined, method: string, args: readonly unknown[]): E {
  if (ref !== undefined && error instanceof RefusedMessageError && !messages.has(error))
    messages.set(error, { ref, method, args })
  return error
}
