import type { CancelSpec } from './cancel-ladder.js'
import type { MailboxSpec } from './mailbox-spec.js'
import type { SupervisorOptions } from './supervision/supervisor-spec.js'

declare const ACTOR: unique symbol

/**
 * What an actor is: a class or a factory, and the module in which every thread finds it again. Made by `defineActor`.
 *
 * The methods of the class, or of what the factory makes, are the messages it takes.
 */
export interface ActorDefinition<A extends object> {
  readonly name: string
  readonly url: string
  /** What the actor is; it exists for the compiler alone. */
  readonly [ACTOR]?: A
  /**
   * The methods of the class that can be sent; its instances may have more, as fields and by accessors. Undefined when
   * a factory makes the actor, whose methods nobody knows before.
   */
  readonly methods: ReadonlySet<string> | undefined
  readonly mailbox: MailboxSpec
  /**
   * How often a message may be delivered again that was begun when its thread went down. Undefined: such messages are
   * given back.
   */
  readonly maxRedeliveries: number | undefined
  /** What is done about handlers that go on when their asker has given up. Undefined: they are told. */
  readonly cancel: CancelSpec | undefined
  /** How its actors supervise their children. Undefined: as `DEFAULT_SUPERVISOR` says. */
  readonly children: Omit<SupervisorOptions, 'autoShutdown'> | undefined
}
