import type { ActorDefinition } from '../model/actor-definition.js'
import { makerOf } from '../model/definition.js'
import type { Lifecycle } from '../model/protocol.js'
import { settledBefore, type Deadline } from '../model/time/deadline.js'
import { thenOf } from '../model/time/thenable.js'
import type { ActorInjector } from './container.js'
import { runWithContext, type InstanceContext } from './context.js'
import { hasMethod, type Behaviour } from './dispatcher.js'
import type { DurableState } from './durable/durable-state.js'
import type { InstanceOwner } from './instance-owner.js'

/** Why an instance replaces another. */
export interface Failure {
  readonly error: Error
  /** What was being handled, if known. */
  readonly method: string | undefined
}

/** The parts of an instance. */
interface InstanceParts {
  readonly context: InstanceContext
  /** Owns what its code opens. */
  readonly owner: InstanceOwner
  readonly injector: ActorInjector
  /** Undefined when its state is not kept. */
  readonly durable: Pick<DurableState, 'restore' | 'use'> | undefined
}

/** How an instance ends. */
export interface Ending {
  readonly reason: string
  /** What it has failed with; undefined when it is stopped. */
  readonly error: Error | undefined
  readonly runsOnStop: boolean
  /** The deadline of its end: then `onStop` is left alone, and closing is cut short. */
  readonly deadline: Deadline
  /** Called when `onStop` was left alone. */
  readonly late: () => void
}

type Actor = Lifecycle & Behaviour

/**
 * One instance of an actor's class, with what was injected into it and what its code has opened. A restart replaces it
 * with another.
 */
export class ActorInstance {
  readonly #context: InstanceContext
  readonly #owner: InstanceOwner
  readonly #injector: ActorInjector
  readonly #durable: InstanceParts['durable']
  #actor: Actor | undefined
  /** Whether its `onStart` has returned, so that its `onStop` has something to undo. */
  #hasStarted = false

  constructor({ context, owner, injector, durable }: InstanceParts) {
    this.#context = context
    this.#owner = owner
    this.#injector = injector
    this.#durable = durable
  }

  /**
   * Makes the actor and runs its `onStart`, and its `onRestart` when it replaces one that failed. Throws what they
   * throw, or rejects with it; the caller has to end it then, too. Returns undefined when there is nothing to wait
   * for.
   */
  start(definition: ActorDefinition<object>, props: unknown, after: Failure | undefined): Promise<void> | undefined {
    const context = this.#context
    const actor = runWithContext(context, () => makeActor(definition, context, this.#injector)) as unknown as Actor
    this.#actor = actor
    if (this.#durable !== undefined) runWithContext(context, () => this.#durable?.restore(actor))
    this.#expectUrgent(definition)
    const started: unknown =
      actor.onStart === undefined ? undefined : runWithContext(context, () => actor.onStart?.(props as never))
    if (thenOf(started) !== undefined || (after !== undefined && actor.onRestart !== undefined))
      return this.#finishStart(actor, started, after)
    this.#hasStarted = true
    this.#durable?.use(actor)
    return undefined
  }

  /** The object whose methods handle messages, once it is started. */
  get actor(): object | undefined {
    return this.#actor
  }

  /**
   * Runs `onStop`, if its `onStart` has returned, then disposes of what was injected, and closes what its code has
   * opened. Tries all of these, then throws what any of them threw. Returns undefined when there is nothing to wait
   * for.
   */
  end(ending: Ending): Promise<unknown> | undefined {
    const hasOnStop = this.#actor !== undefined && 'onStop' in this.#actor
    return ending.runsOnStop && this.#hasStarted && hasOnStop ? this.#stop(ending) : this.#letGo(ending)
  }

  async #finishStart(actor: Actor, started: unknown, after: Failure | undefined): Promise<void> {
    await started
    this.#hasStarted = true
    if (after !== undefined && actor.onRestart !== undefined)
      await runWithContext(this.#context, () => actor.onRestart?.(after.error, after.method))
    this.#durable?.use(actor)
  }

  async #stop(ending: Ending): Promise<void> {
    const { reason, error, deadline, late } = ending
    try {
      const stopped: unknown = runWithContext(this.#context, () => this.#actor?.onStop?.(reason, error))
      if (stopped !== undefined && !(await settledBefore(deadline, stopped))) late()
    } finally {
      await this.#letGo(ending)
    }
  }

  #letGo({ deadline }: Ending): Promise<unknown> | undefined {
    const close = (): Promise<unknown> | undefined => this.#owner.close(deadline.leftMs())
    const disposed = this.#injector.dispose()
    return disposed === undefined ? close() : closeAfter(settledBefore(deadline, disposed), close)
  }

  /** Its methods are known now, including those in fields. */
  #expectUrgent({ name, mailbox }: ActorDefinition<object>): void {
    const missing = mailbox.urgent.find(method => !hasMethod(this.#actor, method))
    if (missing !== undefined)
      throw new TypeError(
        `Cannot start actor ${name}: its method ${missing} cannot be urgent, there is none; correct the name in defineActor`,
      )
  }
}

/** Like `finally`, whose type does not say that it waits for what it calls. */
async function closeAfter(first: Promise<unknown>, close: () => Promise<unknown> | undefined): Promise<void> {
  try {
    await first
  } finally {
    await close()
  }
}

function makeActor(definition: ActorDefinition<object>, context: InstanceContext, injector: ActorInjector): object {
  const make = makerOf(definition)
  return make.kind === 'class'
    ? injector.construct(make.actorClass)
    : make.factory(context, token => injector.inject(token))
}
