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
      `Cannot keep the state of ${actor}: ${what} at ${path} does not outlive the process; keep plain data there, or name its field in { durable: { transient } }`,
    )
    this.path = path
  }
}

/**
 * A message cannot be kept until its time comes, or until it is handled: no store can keep something in it. It was not
 * sent.
 */
export class MessageNotKeptError extends RefusedMessageError {
  override readonly name = 'MessageNotKeptError'
  /** The path of the offender within the arguments, such as `[0].callback`. */
  readonly path: string

  constructor(actor: string, what: string, path: string) {
    super(
      'ZERA_MESSAGE_NOT_KEPT',
      `Cannot keep a message to ${actor}: ${what} at ${path} does not outlive the process; send plain data, such as the name of an actor`,
    )
    this.path = path
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
