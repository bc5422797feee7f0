import { expectName, waitFor } from '@zera/core/internal'
import type { Messenger } from '../../messaging/messenger.js'
import type { ActorDefinition } from '../../model/actor-definition.js'
import { expectDefinition } from '../../model/definition.js'
import type { WaitOptions } from '../../model/protocol.js'
import { BoundRef } from '../../model/refs/bound-ref.js'
import type { GroupRef } from '../../model/refs/group.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { Topic, TopicRef } from '../../model/refs/topic.js'
import { HostGroup } from './host-group.js'
import { HostTopic } from './host-topic.js'
import type { Publications } from './publications.js'
import type { Roster } from './roster.js'

/** Finds actors on any host: by name, in groups, by topic. */
export class Directory {
  readonly #messenger: Messenger
  readonly #roster: Roster
  readonly #publications: Publications

  constructor(messenger: Messenger, roster: Roster, publications: Publications) {
    this.#messenger = messenger
    this.#roster = roster
    this.#publications = publications
  }

  /**
   * Asks the main thread which actor has a name.
   *
   * @throws {TypeError} When it is an actor of another definition, or `definition` is none.
   */
  async lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options: WaitOptions = {},
  ): Promise<ActorRef<A> | undefined> {
    const action = `look /${name} up`
    if (definition !== undefined) expectDefinition(action, definition)
    const wait = { action, leaves: 'nothing' } as const
    const data = await waitFor(this.#messenger.clock, wait, options, givenUp =>
      this.#messenger.system.until(givenUp).lookup(name),
    )
    if (data === undefined) return undefined
    if (definition !== undefined && (data.url !== definition.url || data.definition !== definition.name)) {
      throw new TypeError(`Cannot take /${name} for a ${definition.name}: it is a ${data.definition}`)
    }
    return new BoundRef<A>(this.#messenger, data)
  }

  group<A extends object>(name: string): GroupRef<A> {
    expectName('find a group', 'its name', name)
    return new HostGroup<A>(this.#messenger, this.#roster, name)
  }

  topic<T>({ name }: Topic<T>): TopicRef<T> {
    return new HostTopic<T>(this.#messenger, this.#publications, name)
  }
}
