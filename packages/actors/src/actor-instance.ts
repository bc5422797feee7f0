import type { ActorInjector } from './container.js'
import { runWithContext, type ActorContext } from './context.js'
import { isReserved, type ActorDefinition } from './definition.js'
import type { Lifecycle } from './protocol.js'

/** Why an instance takes the place of another. */
export interface Failure {
  readonly error: Error
  /** What was being handled, when that is known. */
  readonly method: string | undefined
}

/** What an instance is made of. */
export interface InstanceSeed {
  readonly definition: ActorDefinition<object>
  readonly props: unknown
  readonly context: ActorContext
  readonly injector: ActorInjector
}

/** Methods that stand in for those of an actor. */
export type Behaviour = Readonly<Record<string, (...args: unknown[]) => unknown>>

type Actor = Lifecycle & Record<string, (...args: unknown[]) => unknown>

/** One instance of an actor's class, with what was injected into it. A restart puts another in its place. */
export class ActorInstance {
  readonly #actor: Actor
  readonly #context: ActorContext
  readonly #injector: ActorInjector

  private constructor({ definition, context, injector }: InstanceSeed) {
    this.#actor = runWithContext(context, () => makeActor(definition, context, injector)) as unknown as Actor
    this.#context = context
    this.#injector = injector
  }

  /** Makes an instance and runs its `onStart`, and its `onRestart` when it takes the place of one that failed. Nothing is left when any of it throws. */
  static async start(seed: InstanceSeed, after: Failure | undefined): Promise<ActorInstance> {
    try {
      const instance = new ActorInstance(seed)
      instance.#expectUrgent(seed.definition)
      if (instance.#actor.onStart !== undefined) await instance.#call(actor => actor.onStart?.(seed.props as never))
      if (after !== undefined) await instance.#call(actor => actor.onRestart?.(after.error, after.method))
      return instance
    } catch (error) {
      await seed.injector.dispose()
      throw error
    }
  }

  /** Whether it has a method that can be sent. */
  has(method: string): boolean {
    return !isReserved(method) && typeof this.#actor[method] === 'function'
  }

  /** Calls a method, in the context that is current: that of the behaviour, if it has one of the name. */
  invoke(method: string, args: readonly unknown[], behaviour?: Behaviour): unknown {
    const own = behaviour?.[method]
    if (own !== undefined) return Reflect.apply(own, behaviour, args)
    return (this.#actor[method] as (...values: readonly unknown[]) => unknown)(...args)
  }

  /** Runs `onStop`, then lets go of what was injected. */
  async stop(reason: string): Promise<void> {
    try {
      await this.#call(actor => actor.onStop?.(reason))
    } finally {
      await this.dispose()
    }
  }

  /** Lets go of what was injected. */
  async dispose(): Promise<void> {
    await this.#injector.dispose()
  }

  /** Its methods are known now, its fields included. */
  #expectUrgent({ name, mailbox }: ActorDefinition<object>): void {
    const missing = mailbox.urgent.find(method => !this.has(method))
    if (missing !== undefined) throw new TypeError(`Cannot start actor ${name}: its method ${missing} cannot be urgent, there is none; correct the name in defineActor`)
  }

  async #call(call: (actor: Actor) => void | Promise<void>): Promise<void> {
    await runWithContext(this.#context, () => call(this.#actor))
  }
}

function makeActor({ make }: ActorDefinition<object>, context: ActorContext, injector: ActorInjector): object {
  return make.kind === 'class' ? injector.construct(make.actorClass) : make.factory(context, token => injector.inject(token))
}
