import type { ActorRef } from '../../model/refs/ref.js'
import type { HearingMethod, TopicRef } from '../../model/refs/topic.js'
import type { DirectoryHost } from './directory-host.js'

/** A topic, as it is used on one host. */
export class HostTopic<T> implements TopicRef<T> {
  readonly #host: DirectoryHost
  readonly #name: string

  constructor(host: DirectoryHost, name: string) {
    this.#host = host
    this.#name = name
  }

  get name(): string {
    return this.#name
  }

  publish(key: string, data: T): boolean {
    return this.#host.publications.publish(this.#name, key, data)
  }

  async subscribe<A extends object>(subscriber: ActorRef<A>, method: HearingMethod<A, T>, prefix = ''): Promise<void> {
    await this.#host.enrol({ change: 'subscribe', topic: this.#name, subscriber: subscriber.data, method, prefix })
  }

  async unsubscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix = '',
  ): Promise<void> {
    await this.#host.enrol({ change: 'unsubscribe', topic: this.#name, id: subscriber.address.id, method, prefix })
  }
}
