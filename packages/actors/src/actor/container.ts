import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { exportOf, inRootContext, messageOf, toError, unowned } from '@zera/core/internal'
import type * as Tsyringe from 'tsyringe'
import type { DependencyContainer, InjectionToken } from 'tsyringe'
import { ActorContext, currentActor } from '../model/actor-context.js'
import type { ActorClass, Inject } from '../model/definition.js'
import { ContainerError } from '../model/errors.js'
import { isInjected } from '../model/modules/constructors.js'
import { importModule } from '../model/modules/import-module.js'
import { canHaveMetadata, provideMetadata } from '../model/modules/lazy-metadata.js'
import { moduleHere } from '../model/modules/module-roots.js'
import { runWithContext, type InstanceContext } from './context.js'

// Users' modules have decorators that need it.
provideMetadata()

/** The default export of the module that `startSystem({ container })` names: it fills the container of each thread. */
export type ContainerSetup = (container: DependencyContainer) => void | Promise<void>

/** Makes one instance of an actor, and disposes of what was made for it. */
export interface ActorInjector {
  construct<A extends object>(actorClass: ActorClass<A>): A
  readonly inject: Inject
  /** Undefined when there was nothing to dispose of. */
  dispose(): Promise<void> | undefined
}

/** Its sixty files load on the first injection: with them a thread takes a third longer to start. */
function tsyringe(): typeof Tsyringe {
  if (!canHaveMetadata())
    throw new TypeError(
      'Cannot inject: Reflect is frozen, so no class has metadata; start Node without --frozen-intrinsics',
    )
  return createRequire(import.meta.url)('tsyringe') as typeof Tsyringe
}

/** The dependencies of one thread's actors. Each actor instance has a child container of its own. */
export class ThreadContainer {
  #made: DependencyContainer | undefined
  /** One for all actors: they keep it. */
  readonly #ownContainer = (): DependencyContainer => this.#container

  /**
   * In our own threads this is tsyringe's global container, and it has to be: actors are imported later, and a child
   * learns only from its direct parent what their modules scope to a container. The global container of the main thread
   * belongs to the program.
   */
  get #container(): DependencyContainer {
    this.#made ??= isMainThread ? tsyringe().container.createChildContainer() : tsyringe().container
    return this.#made
  }

  /**
   * Fills it with the user's module.
   *
   * @throws {ContainerError} When that cannot be imported, exports no function, or its
   * function throws.
   */
  async setUp(url: string): Promise<void> {
    try {
      const setUp = exportOf(await importModule(moduleHere(url)), 'default')
      if (typeof setUp !== 'function') {
        throw new TypeError('it has no function as its default export; a container module exports (container) => { … }')
      }
      await inRootContext(() => (setUp as ContainerSetup)(this.#container))
    } catch (error) {
      await this.dispose()
      throw new ContainerError(url, messageOf(error), { cause: toError(error) })
    }
  }

  /** Makes the injector of one actor instance, in which `ActorContext` is the actor's own. */
  createInjector(context: ActorContext): ActorInjector {
    return new ChildInjector(this.#ownContainer, context)
  }

  async dispose(): Promise<void> {
    await inRootContext(() => this.#made?.dispose())
  }
}

/**
 * The container of one actor instance. It is made on first use: most actors never use it, and it takes as much memory
 * as they do.
 */
class ChildInjector implements ActorInjector {
  readonly #parent: () => DependencyContainer
  readonly #context: ActorContext
  #container: DependencyContainer | undefined

  constructor(parent: () => DependencyContainer, context: ActorContext) {
    this.#parent = parent
    this.#context = context
  }

  construct<A extends object>(actorClass: ActorClass<A>): A {
    if (!isInjected(actorClass)) return new actorClass()
    const container = this.#open()
    // A program that registers an actor's class itself decides what makes it.
    const token = actorClass as InjectionToken<A>
    return this.#resolve(container.isRegistered(token, true) ? token : ownedClassOf(actorClass))
  }

  inject<T>(token: InjectionToken<T> | (abstract new (...dependencies: never[]) => T)): T {
    return this.#resolve(token as InjectionToken<T>)
  }

  #open(): DependencyContainer {
    this.#container ??= this.#parent()
      .createChildContainer()
      .registerInstance(ActorContext as unknown as InjectionToken<ActorContext>, this.#context)
    return this.#container
  }

  /** Injected objects may be shared with other actors, so they own what they open; their `dispose` closes it. */
  #resolve<T>(token: InjectionToken<T>): T {
    return unowned(() => this.#open().resolve(token))
  }

  dispose(): Promise<void> | undefined {
    const container = this.#container
    return container && Promise.resolve(inRootContext(() => container.dispose()))
  }
}

const ownedClasses = new WeakMap<object, InjectionToken<object>>()

/**
 * A token from which tsyringe makes an actor as from its class, but which runs the constructor in the actor's context
 * again. The container constructs injected objects outside of that context, so they own what they open.
 */
function ownedClassOf<A extends object>(actorClass: ActorClass<A>): InjectionToken<A> {
  const known = ownedClasses.get(actorClass)
  if (known !== undefined) return known as InjectionToken<A>
  const owned = new Proxy(class extends (actorClass as unknown as new (...args: unknown[]) => object) {}, {
    construct: (_target, args) =>
      runWithContext(currentActor() as InstanceContext, () => Reflect.construct(actorClass, args) as object),
    get: (target, key) =>
      (key === 'length' || key === 'name' ? Reflect.get(actorClass, key) : Reflect.get(target, key)) as unknown,
  })
  tsyringe().injectable()(owned)
  ownedClasses.set(actorClass, owned)
  return owned as unknown as InjectionToken<A>
}
