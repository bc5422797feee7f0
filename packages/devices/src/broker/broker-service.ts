import { Queue } from '@zera/core/internal'
import { FairShares } from './fair-shares.js'
import type { MdpVersion } from './protocol/mdp.js'

/** A request that a client waits for. */
export interface BrokerRequest {
  /** The connection that it came by. */
  readonly client: string
  readonly envelope: readonly Buffer[]
  readonly version: MdpVersion
  readonly service: BrokerService
  readonly body: readonly Buffer[]
  /** Bytes that are held for it, and for the partial replies that wait. */
  readonly heldBytes: number
  gatheredBytes: number
  /** The worker's name for the client, new for each worker. No worker learns the address of a client at the broker. */
  ticket: string
  /** When its client gets an error instead of a reply. */
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

/** One service by its name: its waiting requests and its workers. */
export class BrokerService {
  readonly name: string
  /** The client whose request created it, as long as it has no worker. */
  founder: string | undefined
  readonly #waiting = new Queue<BrokerRequest>()
  readonly #shares: FairShares
  /** Requests whose workers were lost; they have waited longest. No more than there are workers. */
  readonly #again = new Queue<BrokerRequest>()
  /** In the order in which they became idle: the first is the least recently used. */
  readonly #idle = new Set<BrokerPeer>()
  workers = 0

  constructor(name: string, maxQueued: number) {
    this.name = name
    this.#shares = new FairShares(maxQueued)
  }

  /** Requests that wait for a worker. */
  get waiting(): number {
    return this.#waiting.size + this.#again.size
  }

  get idle(): number {
    return this.#idle.size
  }

  /** Whether it has neither waiting requests nor workers, so that its name can be forgotten. */
  get isForgettable(): boolean {
    return this.waiting === 0 && this.workers === 0
  }

  /** Lets a request wait; false when its client or all clients have reached their limit. */
  addRequest(request: BrokerRequest): boolean {
    if (!this.#shares.take(request.client, 1)) return false
    this.#waiting.add(request)
    return true
  }

  /** Lets a request wait whose worker was lost. */
  addAgain(request: BrokerRequest): void {
    this.#again.add(request)
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
    const request = this.#again.take() ?? this.#takeFirst()
    if (request === undefined) return undefined
    this.#idle.delete(worker)
    return { request, worker }
  }

  /** Takes the requests whose time is over. With Infinity, all. */
  takeDue(nowMs: number): BrokerRequest[] {
    const due: BrokerRequest[] = []
    for (
      let next = this.#again.takeWhere(({ dueMs }) => dueMs <= nowMs);
      next !== undefined;
      next = this.#again.takeWhere(({ dueMs }) => dueMs <= nowMs)
    )
      due.push(next)
    // All have the same time, so those that wait longest are due first.
    for (let next = this.#waiting.peek(); next !== undefined && next.dueMs <= nowMs; next = this.#waiting.peek())
      due.push(this.#takeFirst() as BrokerRequest)
    return due
  }

  #takeFirst(): BrokerRequest | undefined {
    const request = this.#waiting.take()
    if (request !== undefined) this.#shares.give(request.client, 1)
    return request
  }
}
