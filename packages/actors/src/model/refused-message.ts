import { ZeraError } from '@zera/core/internal'
import type { ActorRef } from './refs/ref.js'

interface RefusedMessage {
  readonly ref: ActorRef<object>
  readonly method: string
  readonly args: readonly unknown[]
}

/**
 * The messages of the errors that have one. They are no properties of the error: what is none does not travel to
 * another thread with the error, and no logger, JSON or `util.inspect` finds it.
 */
const messages = new WeakMap<Error, RefusedMessage>()

/**
 * An error that carries the message that it refused, so that its sender can try again, or send it elsewhere. Nothing of
 * the message is copied.
 *
 * It is for the sender alone: it does not travel with the error to other threads, and is not in what is logged or
 * printed. An error that is about no message, or that came from another thread, carries none.
 */
export abstract class RefusedMessageError extends ZeraError {
  /** The actor that did not take the message. Of a pool or a group it is the member that was chosen, if there was one. */
  get ref(): ActorRef<object> | undefined {
    return messages.get(this)?.ref
  }

  /** The method that was to be called. */
  get method(): string | undefined {
    return messages.get(this)?.method
  }

  /** What it was to be called with, as the sender gave it. */
  get args(): readonly unknown[] | undefined {
    return messages.get(this)?.args
  }
}

/**
 * Gives an error its message, when it is one that carries it and has none yet.
 *
 * @param ref Undefined for what the system sends itself, which nobody sends again.
 * @returns The error.
 */
export function refusing<E>(error: E, ref: ActorRef<object> | undefined, method: string, args: readonly unknown[]): E {
  if (ref !== undefined && error instanceof RefusedMessageError && !messages.has(error))
    messages.set(error, { ref, method, args })
  return error
}
