import 'reflect-metadata'
import { isMainThread } from 'node:worker_threads'
import { container as root, type DependencyContainer, type InjectionToken } from 'tsyringe'
import { ActorContext } from './context.js'
import type { ActorClass } from './definition.js'
import { ContainerError } from './errors.js'
import { messageOf } from './thrown.js'

/** What the module named by `startSystem({ container })` exports as its default: it fills the container of each thread. */
export type ContainerSetup = (container: DependencyContainer) => void | Promise<void>

/** Gives what an actor's own container has under a token: a class, a text or a symbol. It is made when it is first asked for, and disposed of with the actor. */
export type Inject = <T>(token: InjectionToken<T>) => T

/** What makes one instance of an actor, and lets go of what was made for it. */
export interface ActorInjector {
  construct<A extends object>(actorClass: ActorClass<A>): A
  readonly inject: Inject
  dispose(): Promise<void>
}

/** The dependencies of one thread's actors. Each actor instance has a child container of its own. */
export class ThreadContainer {
  /**
   * In a thread of our own tsyringe's global container will do, and it must: actors are imported later, and a child learns of what their modules
   * scope to a container only from its direct parent. The global one of the main thread is the program's.
   */
  readonly #container: DependencyContainer = isMainThread ? root.createChildContainer() : root

  /** Fills it by the user's module. @throws {ContainerError} When that cannot be imported, exports no function, or its function throws. */
  async setUp(url: string): Promise<void> {
    try {
      const { default: setUp } = (await import(url)) as { default?: unknown }
      if (typeof setUp !== 'function') {
        throw new TypeError('it has no function as its default export; a container module exports (container) => { … }')
      }
      await (setUp as ContainerSetup)(this.#container)
    } catch (error) {
      await this.dispose()
      throw new ContainerError(url, messageOf(error), { cause: error })
    }
  }

  /** Makes the injector of one actor instance, in which `ActorContext` is the actor's own. */
  createInjector(context: ActorContext): ActorInjector {
    const child = this.#container.createChildContainer()
    child.registerInstance(ActorContext, context)
    return {
      construct: actorClass => (isDecorated(actorClass) ? child.resolve(actorClass as never) : new actorClass()),
      inject: token => child.resolve(token),
      dispose: async () => await child.dispose(),
    }
  }

  async dispose(): Promise<void> {
    await this.#container.dispose()
  }
}

/** TypeScript leaves the types of the parameters on a class that has any decorator; one that extends it inherits them. */
function isDecorated(actorClass: object): boolean {
  return Reflect.hasMetadata('design:paramtypes', actorClass)
}
