import { MessageTooLargeError, NotCloneableError, ZeraError } from '@zera/core/internal'
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
 *
 * A `NotCloneableError` or a `MessageTooLargeError` that `tell`, `ask` or `stream` throws carries the message, too, and
 * is an instance of this class as well as of its own.
 */
export abstract class RefusedMessageError extends ZeraError {
  /** Also true of the errors of core that carry a message. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const isMade = Function.prototype[Symbol.hasInstance].call(this, value)
    return isMade || (this === RefusedMessageError && isOfCore(value) && messages.has(value))
  }

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
 * What errors of core inherit from as soon as they carry a message, by what they inherited from before: core knows no
 * refs.
 */
const carriers = new Map<object, object>()

/**
 * Attaches a message to an error that can carry one and has none yet.
 *
 * @param ref Undefined for the system's own messages, which are never resent.
 * @returns The error.
 */
export function refusing<E>(error: E, ref: ActorRef<object> | undefined, method: string, args: readonly unknown[]): E {
  const thrown: unknown = error
  if (ref === undefined || !(thrown instanceof ZeraError) || messages.has(thrown)) return error
  if (isOfCore(thrown)) Object.setPrototypeOf(thrown, carrierOf(Object.getPrototypeOf(thrown) as object))
  else if (!(thrown instanceof RefusedMessageError)) return error
  messages.set(thrown, { ref, method, args })
  return error
}

/** Whether an error of core is about a message. */
export function isOfCore(error: unknown): error is NotCloneableError | MessageTooLargeError {
  return error instanceof NotCloneableError || error instanceof MessageTooLargeError
}

/** Where the message is found as `RefusedMessageError` has it, and all else as before. */
function carrierOf(plain: object): object {
  let carrier = carriers.get(plain)
  if (carrier === undefined) {
    const { ref, method, args } = Object.getOwnPropertyDescriptors(RefusedMessageError.prototype)
    carrier = Object.create(plain, { ref, method, args }) as object
    carriers.set(plain, carrier)
  }
  return carrier
}
