import { Queue } from '../../../base/collections/fifo-queue.js'

const READY = 'READY'
/**
 * Requests that workers may be ready for at a time, all together. Beyond, a worker that says that it is ready is not
 * heard.
 */
const MAX_READY = 65_536

/**
 * The frames in front of a request, which say whose it is: up to the first empty one, or its first frame when there is
 * none.
 */
type Envelope = readonly Buffer[]

/**
 * The workers that can do a request now, the one that has been ready for the longest time first, and the requests that
 * each has and has not answered. Each request has one reply, so what a worker says of another one is not passed on. It
 * does no IO.
 */
export class ReadyWorkers {
  readonly #ready = new Queue<Buffer>()
  readonly #waiters = new Queue<(worker: Buffer) => void>()
  /** By the identities of workers, as hexadecimal. */
  readonly #assigned = new Map<string, Envelope[]>()
  #awaited = 0

  /** Requests that were assigned and not answered. */
  get awaited(): number {
    return this.#awaited
  }

  /** Resolves with the next worker, when there is one. */
  async take(): Promise<Buffer> {
    return this.#ready.take() ?? new Promise(resolve => this.#waiters.add(resolve))
  }

  /** A worker is given a request. */
  assign(worker: Buffer, request: readonly Buffer[]): void {
    const key = worker.toString('hex')
    const held = this.#assigned.get(key)
    if (held === undefined) this.#assigned.set(key, [envelopeOf(request)])
    else held.push(envelopeOf(request))
    this.#awaited += 1
  }

  /** The request that a worker was given last has not come to it. */
  unassign(worker: Buffer): void {
    const key = worker.toString('hex')
    const held = this.#assigned.get(key)
    if (held?.pop() !== undefined) this.#awaited -= 1
    if (held?.length === 0) this.#assigned.delete(key)
  }

  /**
   * Takes what a worker said: `[worker] [''] ['READY']`, or `[worker] [''] [reply…]`. Either makes it ready. Returns
   * the reply; `'ready'` when there is none, `'unknown'` when it makes no sense.
   */
  hear([worker, empty, ...rest]: readonly Buffer[]): Buffer[] | 'ready' | 'unknown' {
    if (worker === undefined || empty === undefined || empty.byteLength > 0 || rest.length === 0) return 'unknown'
    if (rest.length > 1) {
      if (!this.#answer(worker.toString('hex'), rest)) return 'unknown'
      this.#add(worker)
      return rest
    }
    if (rest[0]?.toString() !== READY || this.#ready.size >= MAX_READY) return 'unknown'
    this.#add(worker)
    return 'ready'
  }

  /** A worker has gone. Gives the envelopes of the requests that it has not answered. */
  lose(worker: Buffer): readonly Envelope[] {
    const key = worker.toString('hex')
    const lost = this.#assigned.get(key) ?? []
    this.#assigned.delete(key)
    this.#awaited -= lost.length
    return lost
  }

  #answer(worker: string, reply: readonly Buffer[]): boolean {
    const held = this.#assigned.get(worker)
    const at = held?.findIndex(envelope => envelope.every((frame, index) => reply[index]?.equals(frame) === true)) ?? -1
    if (held === undefined || at < 0) return false
    held.splice(at, 1)
    if (held.length === 0) this.#assigned.delete(worker)
    this.#awaited -= 1
    return true
  }

  #add(worker: Buffer): void {
    const waiter = this.#waiters.take()
    if (waiter === undefined) this.#ready.add(worker)
    else waiter(worker)
  }
}

function envelopeOf(request: readonly Buffer[]): Envelope {
  const end = request.findIndex(frame => frame.byteLength === 0)
  return request.slice(0, Math.max(end, 0) + 1)
}
