import { atCaller, waitFor, showAs } from '@zera/core/internal'
import type { Messenger } from '../../messaging/messenger.js'
import type { Enrolment } from '../../messaging/services/system-service.js'
import type { WaitOptions } from '../../model/protocol.js'
import { ownRef } from '../../model/refs/own-ref.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { HearingMethod, TopicRef } from '../../model/refs/topic.js'
import type { Publications } from './publications.js'

/** A topic, as one host uses it. */
export class HostTopic<T> implements TopicRef<T> {
  readonly #messenger: Messenger
  readonly #publications: Publications
  readonly #name: string

  constructor(messenger: Messenger, publications: Publications, name: string) {
    this.#messenger = messenger
    this.#publications = publications
    this.#name = name
  }

  static {
    showAs(this.prototype, topic => ({ title: `TopicRef(${topic.name})` }))
  }

  get name(): string {
    return this.#name
  }

  publish(key: string, data: T): boolean {
    try {
      return this.#publications.publish(this.#name, key, data)
    } catch (error) {
      // oxlint-disable-next-line typescript/unbound-method -- It is not called.
      throw atCaller(error, HostTopic.prototype.publish)
    }
  }

  async subscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix = '',
    options: WaitOptions = {},
  ): Promise<void> {
    const topic = this.#name
    await this.#enrol('subscribe to', options, {
      change: 'subscribe',
      topic,
      subscriber: ownRef(`subscribe to topic ${topic} with`, subscriber, this.#messenger),
      method,
      prefix,
    })
  }

  async unsubscribe<A extends object>(
    subscriber: ActorRef<A>,
    method: HearingMethod<A, T>,
    prefix = '',
    options: WaitOptions = {},
  ): Promise<void> {
    const topic = this.#name
    await this.#enrol('unsubscribe from', options, {
      change: 'unsubscribe',
      topic,
      id: ownRef(`unsubscribe from topic ${topic} with`, subscriber, this.#messenger).id,
      method,
      prefix,
    })
  }

  #enrol(verb: string, options: WaitOptions, enrolment: Enrolment): Promise<void> {
    const wait = { action: `${verb} topic ${this.#name}`, leaves: 'work' } as const
    return waitFor(this.#messenger.clock, wait, options, givenUp =>
      this.#messenger.system.until(givenUp).enrol(enrolment),
    )
  }
}
