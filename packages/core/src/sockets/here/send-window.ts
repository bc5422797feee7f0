import { Queue } from '../../base/collections/fifo-queue.js'
import type { Frame } from '../messages/frames.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'

interface Sending {
  readonly frames: readonly Frame[]
  readonly sizeBytes: number
  readonly settle: (failure: Failure | undefined) => void
}

/** Makes the error of a send. It is made where the send is awaited, so that its stack leads there. */
type Failure = () => Error

/**
 * The sends of one socket that are not settled: first those under way to ZeroMQ, then those that wait. They are settled
 * in the order of the calls. It does no IO.
 */
export class SendWindow {
  readonly #post: (frames: readonly Frame[]) => void
  readonly #underWay = new Queue<Sending>()
  readonly #waiting = new Queue<Sending>()
  #underWayBytes = 0
  #waitingBytes = 0
  #settledBytes = 0
  readonly #drainWaiters: (() => void)[] = []

  /** @param post Is given the frames that may go now. */
  constructor(post: (frames: readonly Frame[]) => void) {
    this.#post = post
  }

  /** Sends that are not settled yet. */
  get size(): number {
    return this.#underWay.size + this.#waiting.size
  }

  /** Bytes of them. */
  get sizeBytes(): number {
    return this.#underWayBytes + this.#waitingBytes
  }

  /** Bytes that ZeroMQ has taken until now. */
  get settledBytes(): number {
    return this.#settledBytes
  }

  /** Whether one more would be beyond the limits. */
  get isFull(): boolean {
    return this.#waiting.size >= SOCKET_LIMITS.waitingMessages || this.#waitingBytes >= SOCKET_LIMITS.waitingBytes
  }

  /** Resolves when none is unsettled. */
  async drained(): Promise<void> {
    if (this.size > 0) await new Promise<void>(resolve => this.#drainWaiters.push(resolve))
  }

  /** Resolves when ZeroMQ has the message, or with what `refuse` or `fail` are given. */
  add(frames: readonly Frame[], sizeBytes: number): Promise<Failure | undefined> {
    return new Promise(settle => {
      this.#waiting.add({ frames, sizeBytes, settle })
      this.#waitingBytes += sizeBytes
      this.#advance()
    })
  }

  /** ZeroMQ has so many more. */
  settle(messages: number): void {
    for (let settled = 0; settled < messages; settled++) {
      const first = this.#takeFirst()
      this.#settledBytes += first?.sizeBytes ?? 0
      first?.settle(undefined)
    }
    this.#advance()
  }

  /** ZeroMQ has refused the first one. */
  refuse(failure: Failure): void {
    this.#takeFirst()?.settle(failure)
    this.#advance()
  }

  /** None of them will be sent. */
  fail(failure: Failure): void {
    for (let sending = this.#takeFirst(); sending !== undefined; sending = this.#takeFirst()) sending.settle(failure)
    for (let sending = this.#waiting.take(); sending !== undefined; sending = this.#waiting.take())
      sending.settle(failure)
    this.#waitingBytes = 0
    this.#advance()
  }

  #takeFirst(): Sending | undefined {
    const first = this.#underWay.take()
    this.#underWayBytes -= first?.sizeBytes ?? 0
    return first
  }

  #advance(): void {
    for (let next = this.#waiting.peek(); next !== undefined && this.#mayGo(next); next = this.#waiting.peek()) {
      this.#waiting.take()
      this.#waitingBytes -= next.sizeBytes
      this.#underWay.add(next)
      this.#underWayBytes += next.sizeBytes
      this.#post(next.frames)
    }
    if (this.size === 0) for (const resolve of this.#drainWaiters.splice(0)) resolve()
  }

  #mayGo({ sizeBytes }: Sending): boolean {
    if (this.#underWay.size === 0) return true
    return (
      this.#underWay.size < SOCKET_LIMITS.underWayMessages &&
      this.#underWayBytes + sizeBytes <= SOCKET_LIMITS.underWayBytes
    )
  }
}
