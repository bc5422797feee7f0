import type { SocketType } from '../../native/socket-type.js'
import { REMEDIES, type Cause, type Finding } from '../diagnosis.js'

/**
 * What is on record about one socket: where it is plugged in, and how many of its messages went which wrong way. It
 * does no IO.
 */
export class SocketRecord {
  readonly type: SocketType
  readonly #name: string
  readonly #thread: string
  readonly #bound = new Set<string>()
  readonly #connected = new Set<string>()
  readonly #subscriptions = new Set<string>()
  readonly #counts = new Map<Cause, number>()
  #peers = 0
  #mostPeers = 0
  #sentToFirstPeer = 0

  constructor(type: SocketType, name: string, thread: string) {
    this.type = type
    this.#name = name
    this.#thread = thread
  }

  get bound(): ReadonlySet<string> {
    return this.#bound
  }

  get connected(): ReadonlySet<string> {
    return this.#connected
  }

  plugged(verb: 'bind' | 'connect', endpoint: string): void {
    if (verb === 'bind') this.#bound.add(endpoint)
    else this.#connected.add(endpoint)
  }

  unplugged(verb: 'unbind' | 'disconnect', endpoint: string): void {
    if (verb === 'unbind') this.#bound.delete(endpoint)
    else this.#connected.delete(endpoint)
  }

  /** A SUB has subscribed, or a subscriber has subscribed at a PUB. */
  subscribed(prefix: string): void {
    this.#subscriptions.add(prefix)
  }

  unsubscribed(prefix: string): void {
    this.#subscriptions.delete(prefix)
  }

  /** A PUSH has so many peers from now on. */
  met(peers: number): void {
    this.#peers = peers
    this.#mostPeers = Math.max(this.#mostPeers, peers)
  }

  /** ZeroMQ has taken a message. */
  sent(): void {
    if (this.type === 'PUB' && this.#subscriptions.size === 0) this.note('late-joiner', 1)
    if (this.#peers === 1 && this.#mostPeers === 1) this.#sentToFirstPeer += 1
  }

  /** Counts what went wrong. */
  note(cause: Cause, count: number): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + count)
  }

  /** What has gone wrong until now. */
  findings(isClosed: boolean): Finding[] {
    const endpoints = [...this.#bound, ...this.#connected]
    const counts = new Map(this.#counts)
    if (this.type === 'SUB' && endpoints.length > 0 && this.#subscriptions.size === 0) counts.set('no-subscription', 1)
    if (this.#mostPeers > 1 && this.#sentToFirstPeer > 0) counts.set('first-puller', this.#sentToFirstPeer)
    const socket = { name: this.#name, type: this.type, thread: this.#thread, endpoints, isClosed }
    return Array.from(counts, ([cause, count]) => ({ cause, count, socket, remedy: REMEDIES[cause] }))
  }
}
