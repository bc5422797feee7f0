import { expectName } from '@zera/core/internal'
import type { ActorDefinition } from '../../model/actor-definition.js'
import type { GroupRef } from '../../model/refs/group.js'
import { ActorRef } from '../../model/refs/ref.js'
import type { Topic, TopicRef } from '../../model/refs/topic.js'
import type { DirectoryHost } from './directory-host.js'
import { HostGroup } from './group.js'
import { HostTopic } from './topic.js'

/** Finds actors on any host: by name, in groups, by topic. */
export class Directory {
  readonly #host: DirectoryHost

  constructor(host: DirectoryHost) {
    this.#host = host
  }

  /**
   * Asks the main thread who has a name.
   *
   * @throws {TypeError} When it is an actor of another definition.
   */
  async lookup<A extends object>(name: string, definition?: ActorDefinition<A>): Promise<ActorRef<A> | undefined> {
    const data = await this.#host.messenger.system.lookup(name)
    if (data === undefined) return undefined
    if (definition !== undefined && (data.url !== definition.url || data.definition !== definition.name)) {
      throw new TypeError(`Cannot take /${name} for a ${definition.name}: it is a ${data.definition}`)
    }
    return new ActorRef<A>(this.#host.messenger, data)
  }

  group<A extends object>(name: string): GroupRef<A> {
    expectName('find a group', 'its name', name)
    return new HostGroup<A>(this.#host, name)
  }

  topic<T>({ name }: Topic<T>): TopicRef<T> {
    return new HostTopic<T>(this.#host, name)
  }
}
