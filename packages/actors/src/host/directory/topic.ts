import type { Messenger } from '../../messaging/messenger.js'
import { refData } from '../../model/refs/bound-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { HearingMethod, TopicRef } from '../../model/refs/topic.js'
import type { Publications } from './publications.js'

/** A topic, as it is used on one host. */
export class HostTopic<T> implements TopicRef<T> {
  readonly #messenger: Messenger
  readonly #publications: Publications
  readonly #name: string

  constructor(messenger: Messenger, publications: Publications, name: string) {
    this.#messenger = messenger
    this.#publications = publications
    this.#name = name
  }

  get name(): string {
    return this.#name
  }

  publish(key: string, data: T): boolean {
    return this.#publications.publish(this.#name, key, data)
  }

  async subscribe<A extends object>(subscriber: ActorRef<A>, method: HearingMethod<A, T>, prefix = ''): Promise<void> {
    await this.#messenger.system.enrol({
      change: 'subscribe',
      topic: this.#name,
      subscriber: refData(subscriber),
      method,
      prefix,
    })
  }

  async unsubscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix = '',
  ): Promise<void> {
    await this.#messenger.system.enrol({
      change: 'unsubscribe',
      topic: this.#name,
      id: subscriber.address.id,
      method,
      prefix,
    })
  }
}
