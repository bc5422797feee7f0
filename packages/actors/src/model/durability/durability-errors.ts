import { ZeraError } from '@zera/core/internal'
import { RefusedMessageError } from '../refused-message.js'

/** Nothing can be kept of an actor: it did not start, or what needs that was not done. */
export class NotDurableError extends ZeraError {
  override readonly name = 'NotDurableError'

  constructor(actor: string, problem: string, action = 'start durable actor') {
    super('ZERA_NOT_DURABLE', `Cannot ${action} ${actor}: ${problem}`)
  }
}

/**
 * The state of a durable actor has something that no store can keep. The actor failed, with what it had handled since
 * its last commit; it goes on from that one.
 */
export class StateNotKeptError extends ZeraError {
  override readonly name = 'StateNotKeptError'
  /** The path of the offender within the actor, such as `.orders[3].callback`. */
  readonly path: string

  constructor(actor: string, what: string, path: string) {
    super(
      'ZERA_STATE_NOT_KEPT',
      `Cannot keep the state of ${actor}: ${what}${placeOf(path)} does not outlive the process; keep plain data there, or name its field in { durable: { transient } }`,
    )
    this.path = path
  }
}

/**
 * A message cannot be kept until its time comes, or until it is handled, or an answer for the same question again: no
 * store can keep something in it. The message was not sent; the answer is the failure of its handler.
 */
export class MessageNotKeptError extends RefusedMessageError {
  override readonly name = 'MessageNotKeptError'
  /** The path of the offender within the arguments, such as `[0].callback`. */
  readonly path: string

  /** @param message Which one, such as `a message to actor rooms/7`. */
  constructor(message: string, what: string, path: string) {
    super(
      'ZERA_MESSAGE_NOT_KEPT',
      `Cannot keep ${message}: ${what}${placeOf(path)} does not outlive the process; send plain data, such as the name of an actor`,
    )
    this.path = path
  }
}

/**
 * The database refuses a statement that a message has added to its commit by `context.sql`. Nothing of what the message
 * did is kept: it is given back with this error, and the actor goes on from its last commit. The cause is the
 * database's own error.
 */
export class SqlRefusedError extends ZeraError {
  override readonly name = 'SqlRefusedError'
  readonly sql: string

  constructor(actor: string, sql: string, options: { readonly cause: Error }) {
    super('ZERA_SQL_REFUSED', `Cannot commit what ${actor} has done: ${options.cause.message}, in ${sql}`, options)
    this.sql = sql
  }
}

/**
 * A durable actor has lost its place to another one of the same name, in another process that uses the same store: that
 * has committed since. Nothing of what this one did since its last commit is kept. It begins anew from the other's
 * commit.
 */
export class ActorFencedError extends ZeraError {
  override readonly name = 'ActorFencedError'

  constructor(actor: string, version: number) {
    super(
      'ZERA_ACTOR_FENCED',
      `Cannot commit version ${version} of ${actor}: another process has committed that version already; let one process at a time start the actor, or give each a name of its own`,
    )
  }
}

/**
 * A store cannot be opened, or does not take what it is given. `problem` says why. While a system runs, its durable
 * actors wait, and go on when the store does: nothing is lost.
 */
export class StoreUnavailableError extends ZeraError {
  override readonly name = 'StoreUnavailableError'
  /** The file, or the address, of the store. */
  readonly store: string
  readonly problem: string

  constructor(store: string, problem: string, remedy: string, options?: ErrorOptions) {
    super('ZERA_STORE_UNAVAILABLE', `Cannot use store ${store}: ${problem}; ${remedy}`, options)
    this.store = store
    this.problem = problem
  }
}

/** A value that is an offender itself has no path. */
function placeOf(path: string): string {
  return path === '' ? '' : ` at ${path}`
}
