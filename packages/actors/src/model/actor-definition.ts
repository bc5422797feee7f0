import type { CancelSpec } from './cancel-spec.js'
import type { DurableSpec } from './durability/durable-spec.js'
import type { MailboxSpec } from './mailbox-spec.js'
import type { SupervisorOptions } from './supervision/supervisor-spec.js'

declare const ACTOR: unique symbol

/**
 * What an actor is: a class or a factory, and the module in which every thread finds it. Made by `defineActor`.
 *
 * The methods of the class, or of the object that the factory makes, are the messages it takes.
 */
export interface ActorDefinition<A extends object> {
  readonly name: string
  readonly url: string
  /** The actor's type; it exists only for the compiler. */
  readonly [ACTOR]?: A
  /**
   * The methods of the class that can be sent. Its instances may have more, as fields or accessors. Undefined when a
   * factory makes the actor: its methods are not known in advance.
   */
  readonly methods: ReadonlySet<string> | undefined
  readonly mailbox: MailboxSpec
  /**
   * How often a message may be redelivered after its thread went down while handling it. Undefined: such messages go
   * back to their senders.
   */
  readonly maxRedeliveries: number | undefined
  /** What happens to handlers that go on after their asker has given up. Undefined: only their signal aborts. */
  readonly cancel: CancelSpec | undefined
  /** How its actors supervise their children. Undefined: with the defaults of `DEFAULT_SUPERVISOR`. */
  readonly children: Omit<SupervisorOptions, 'autoShutdown'> | undefined
  /** How its actors' state is kept. Undefined: it is not. */
  readonly durable: DurableSpec | undefined
}
