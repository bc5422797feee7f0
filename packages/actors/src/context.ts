import type { ActorDefinition } from './definition.js'
import type { ActorRef } from './ref.js'
import type { SpawnOptions } from './supervision/child-spec.js'

/** What a context is a view of. */
export interface ContextSource {
  readonly self: ActorRef<object>
  readonly sender: ActorRef<object> | undefined
  readonly signal: AbortSignal
  spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A>): Promise<ActorRef<A>>
  stopSelf(): void
}

/**
 * What an actor knows of itself. Get it from `actorContext()` in a field or the constructor, or have it injected, and keep it.
 */
export class ActorContext {
  readonly #source: ContextSource

  constructor(source: ContextSource) {
    this.#source = source
  }

  /** The actor's own ref, to be given away in messages. */
  get self(): ActorRef<object> {
    return this.#source.self
  }

  /** Which actor sent the message that is being handled, if it did so before its own handler's first `await`; else undefined. */
  get sender(): ActorRef<object> | undefined {
    return this.#source.sender
  }

  /** Aborts when who asked for the message that is being handled has given up, or when the actor must stop at once. */
  get signal(): AbortSignal {
    return this.#source.signal
  }

  /** Starts another actor, under the system's supervisor. @see System.spawn */
  spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> = {}): Promise<ActorRef<A>> {
    return this.#source.spawn(definition, options)
  }

  /** Stops this actor for good when it has handled what it has. */
  stop(): void {
    this.#source.stopSelf()
  }
}

let current: ActorContext | undefined

/**
 * The context of the actor whose code runs: in its constructor and fields, and in its methods up to their first `await`.
 *
 * @throws {TypeError} Elsewhere: get it in a field, `#context = actorContext()`, and it serves in all methods to their end.
 */
export function actorContext(): ActorContext {
  if (current === undefined) throw new TypeError('Cannot get the actor context here: call actorContext() in a field or the constructor of the actor and keep it')
  return current
}

/** The actor whose code runs, as far as `actorContext` knows it. */
export function currentActor(): ActorContext | undefined {
  return current
}

/** Runs an actor's code with its context as the current one. */
export function runWithContext<T>(context: ActorContext, run: () => T): T {
  const outer = current
  current = context
  try {
    return run()
  } finally {
    current = outer
  }
}
