import type { RosterChange, Subscription } from '../../messaging/services/system-service.js'
import type { RefData } from '../../model/refs/ref.js'

/**
 * The members of each group and the subscribers of each topic. Every host has a copy, so that a send needs no lookup
 * elsewhere.
 *
 * Applying a change twice does no harm. It does no IO.
 */
export class Roster {
  readonly #groups = new Map<string, Map<number, RefData>>()
  readonly #topics = new Map<string, Subscription[]>()

  /** The members of a group, in the order in which they joined. */
  membersOf(group: string): readonly RefData[] {
    return [...(this.#groups.get(group)?.values() ?? [])]
  }

  /**
   * The receivers of a publication, by host. The prefix is matched on the key alone, letter by letter. An actor with
   * two matching prefixes gets it once.
   */
  hearersOf(topic: string, key: string): ReadonlyMap<number, readonly Subscription[]> {
    const byHost = new Map<number, Subscription[]>()
    for (const subscription of this.#topics.get(topic) ?? []) {
      if (!key.startsWith(subscription.prefix)) continue
      const { host } = subscription.subscriber
      const onHost = byHost.get(host)
      if (onHost === undefined) byHost.set(host, [subscription])
      else if (!onHost.some(other => isSameHearer(other, subscription))) onHost.push(subscription)
    }
    return byHost
  }

  /** Whether an actor is in a group or subscribes to a topic. */
  has(id: number): boolean {
    return (
      [...this.#groups.values()].some(members => members.has(id)) ||
      [...this.#topics.values()].flat().some(({ subscriber }) => subscriber.id === id)
    )
  }

  /** The whole roster, as the changes that produce it. */
  *changes(): Generator<RosterChange, void, void> {
    for (const [group, members] of this.#groups)
      for (const member of members.values()) yield { change: 'join', group, member }
    for (const [topic, subscriptions] of this.#topics)
      for (const subscription of subscriptions) yield { change: 'subscribe', topic, ...subscription }
  }

  apply(change: RosterChange): void {
    switch (change.change) {
      case 'join':
        this.#join(change.group, change.member)
        break
      case 'leave':
        this.#leave(change.group, change.id)
        break
      case 'subscribe': {
        const { topic, subscriber, method, prefix } = change
        this.#keepWhere(topic, other => !isSame(other, change, subscriber.id))
        this.#topics.set(topic, [...(this.#topics.get(topic) ?? []), { subscriber, method, prefix }])
        break
      }
      case 'unsubscribe':
        this.#keepWhere(change.topic, other => !isSame(other, change, change.id))
        break
      case 'gone':
        for (const group of this.#groups.keys()) this.#leave(group, change.id)
        for (const topic of this.#topics.keys()) this.#keepWhere(topic, ({ subscriber }) => subscriber.id !== change.id)
        break
      case 'moved':
        this.#move(change.actor)
    }
  }

  #join(group: string, member: RefData): void {
    const members = this.#groups.get(group)
    if (members === undefined) this.#groups.set(group, new Map([[member.id, member]]))
    else members.set(member.id, member)
  }

  #leave(group: string, id: number): void {
    const members = this.#groups.get(group)
    members?.delete(id)
    if (members?.size === 0) this.#groups.delete(group)
  }

  #keepWhere(topic: string, keeps: (subscription: Subscription) => boolean): void {
    const kept = (this.#topics.get(topic) ?? []).filter(keeps)
    if (kept.length === 0) this.#topics.delete(topic)
    else this.#topics.set(topic, kept)
  }

  #move(actor: RefData): void {
    for (const members of this.#groups.values()) if (members.has(actor.id)) members.set(actor.id, actor)
    for (const [topic, subscriptions] of this.#topics) {
      this.#topics.set(
        topic,
        subscriptions.map(other => (other.subscriber.id === actor.id ? { ...other, subscriber: actor } : other)),
      )
    }
  }
}

function isSame(
  subscription: Subscription,
  { method, prefix }: Pick<Subscription, 'method' | 'prefix'>,
  id: number,
): boolean {
  return subscription.subscriber.id === id && subscription.method === method && subscription.prefix === prefix
}

function isSameHearer(one: Subscription, other: Subscription): boolean {
  return one.subscriber.id === other.subscriber.id && one.method === other.method
}
