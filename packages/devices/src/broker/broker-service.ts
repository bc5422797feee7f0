import { Queue } from '@zera/core'
import type { MdpVersion } from './mdp.js'

/** A request that a client waits for. */
export interface BrokerRequest {
  readonly envelope: readonly Buffer[]
  readonly version: MdpVersion
  readonly service: BrokerService
  readonly body: readonly Buffer[]
  readonly sizeBytes: number
  /** When its client gets an error in place of a reply. */
  readonly dueMs: number
  /** How many workers have got it. */
  attempts: number
  /** Partial replies that wait for the final one, since a client that speaks 0.1 gets them as one. */
  gathered: Buffer[]
  /** Whether its client has a part of the reply already, so that no other worker may begin anew. */
  hasStreamed: boolean
  /** Whether its client was answered. */
  isSettled: boolean
}

/** A worker that has registered. */
export interface BrokerPeer {
  readonly address: Buffer
  readonly version: MdpVersion
  readonly service: BrokerService
  heardMs: number
  toldMs: number
  /** What it works on. */
  request: BrokerRequest | undefined
}

/** One service by its name: the requests that wait for it, the workers that do it. */
export class BrokerService {
  readonly name: string
  readonly #waiting = new Queue<BrokerRequest>()
  /** Requests whose workers were lost; they have waited longest. No more than there are workers. */
  readonly #again = new Queue<BrokerRequest>()
  /** In the order in which they became idle: the first is the least recently used. */
  readonly #idle = new Set<BrokerPeer>()
  workers = 0

  constructor(name: string) {
    this.name = name
  }

  /** Requests that wait for a worker. */
  get waiting(): number {
    return this.#waiting.size + this.#again.size
  }

  get idle(): number {
    return this.#idle.size
  }

  /** Whether nobody waits for it and nobody does it, so that its name can be forgotten. */
  get isForgettable(): boolean {
    return this.waiting === 0 && this.workers === 0
  }

  addRequest(request: BrokerRequest): void {
    if (request.attempts > 0) this.#again.add(request)
    else this.#waiting.add(request)
  }

  addIdle(worker: BrokerPeer): void {
    this.#idle.add(worker)
  }

  removeIdle(worker: BrokerPeer): void {
    this.#idle.delete(worker)
  }

  /** Takes the request that has waited longest and the worker that was idle longest, when there are both. */
  match(): { readonly request: BrokerRequest; readonly worker: BrokerPeer } | undefined {
    const [worker] = this.#idle
    if (worker === undefined) return undefined
    const request = this.#again.take() ?? this.#waiting.take()
    if (request === undefined) return undefined
    this.#idle.delete(worker)
    return { request, worker }
  }

  /** Takes the requests whose time is over. With Infinity, all. */
  takeDue(nowMs: number): BrokerRequest[] {
    const due: BrokerRequest[] = []
    for (let next = this.#again.takeWhere(({ dueMs }) => dueMs <= nowMs); next !== undefined; next = this.#again.takeWhere(({ dueMs }) => dueMs <= nowMs)) due.push(next)
    // All have the same time, so those that wait longest are due first.
    for (let next = this.#waiting.peek(); next !== undefined && next.dueMs <= nowMs; next = this.#waiting.peek()) due.push(this.#waiting.take() as BrokerRequest)
    return due
  }
}
