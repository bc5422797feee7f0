import { expectName } from '@zera/core/internal'
import type { ActorDefinition } from '../../model/definition.js'
import type { Messenger } from '../../messaging/messenger.js'
import { ActorRef, type RefData } from '../../model/ref.js'
import { SYSTEM } from '../../messaging/system-service.js'
import { GroupRef } from './group.js'
import type { Publications } from './publications.js'
import type { Enrolment } from '../../system/registry/registry.js'
import type { Roster } from './roster.js'
import { TopicRef, type Topic } from './topic.js'

/** What finding others needs of a host. */
export interface DirectoryHost {
  readonly number: number
  readonly messenger: Messenger
  readonly roster: Roster
  readonly publications: Publications
  /** Has the main thread tell every host. */
  enrol(enrolment: Enrolment): Promise<void>
}

/** Finds actors on any host: by name, in groups, by topic. */
export class Directory {
  readonly #host: DirectoryHost

  constructor(host: DirectoryHost) {
    this.#host = host
  }

  /** Asks the main thread who has a name. @throws {TypeError} When it is an actor of another definition. */
  async lookup<A extends object>(name: string, definition?: ActorDefinition<A>): Promise<ActorRef<A> | undefined> {
    const data = (await this.#host.messenger.askService(SYSTEM, 'lookup', [name])) as RefData | undefined
    if (data === undefined) return undefined
    if (definition !== undefined && (data.url !== definition.url || data.definition !== definition.name)) {
      throw new TypeError(`Cannot take /${name} for a ${definition.name}: it is a ${data.definition}`)
    }
    return new ActorRef<A>(this.#host.messenger, data)
  }

  group<A extends object>(name: string): GroupRef<A> {
    expectName('find a group', 'its name', name)
    return new GroupRef(this.#host, name)
  }

  topic<T>({ name }: Topic<T>): TopicRef<T> {
    return new TopicRef(this.#host, name)
  }
}
