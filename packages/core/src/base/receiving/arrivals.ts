import { Queue } from '../collections/fifo-queue.js'
import { SocketError } from '../errors/errors.js'
import { callerClock } from '../time/clock.js'
import { whenAborted } from '../time/on-abort.js'
import type { Pollable } from './pollable.js'

/** What has arrived at a socket or a pipe and waits to be received, by one receiver at a time. */
export class Arrivals<T> implements Pollable {
  readonly #name: string
  readonly #items = new Queue<T>()
  readonly #wakes = new Set<() => void>()
  #fault: { readonly error: unknown } | undefined
  #isReceiving = false
  #hasEnded = false

  /** @param name Whose they are, for errors: "pipe worker.js". */
  constructor(name: string) {
    this.#name = name
  }

  get size(): number {
    return this.#items.size
  }

  get isReady(): boolean {
    return this.#items.size > 0 || this.#hasEnded || this.#fault !== undefined
  }

  add(item: T): void {
    this.#items.add(item)
    this.#wake()
  }

  /** Makes the next receive that finds nothing throw. */
  fail(error: unknown): void {
    this.#fault = { error }
    this.#wake()
  }

  /** Nothing more will arrive. What has can still be taken. */
  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  /** Drops what has arrived, and nothing more will. */
  discard(): void {
    while (this.#items.take() !== undefined);
    this.end()
  }

  /**
   * Waits for the next; undefined when nothing more will arrive.
   *
   * @throws {SocketError} When a caller already waits. Otherwise the error passed to `fail`, or the signal's reason.
   */
  async take(signal?: AbortSignal): Promise<T | undefined> {
    if (this.#isReceiving)
      throw new SocketError(`Cannot receive on ${this.#name}: a receive is under way; await it first`)
    this.#isReceiving = true
    try {
      let item = this.#items.take()
      while (item === undefined) {
        signal?.throwIfAborted()
        this.#throwFault()
        if (this.#hasEnded) return undefined
        await this.#woken(signal)
        item = this.#items.take()
      }
      return item
    } finally {
      this.#isReceiving = false
    }
  }

  whenReady(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => void this.#wakes.delete(wake)
  }

  #throwFault(): void {
    const fault = this.#fault
    this.#fault = undefined
    if (fault !== undefined) throw fault.error
  }

  #woken(signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        forgetSignal()
        this.#wakes.delete(wake)
        resolve()
      }
      this.#wakes.add(wake)
      const forgetSignal = whenAborted(callerClock, signal, wake)
    })
  }

  #wake(): void {
    const wakes = [...this.#wakes]
    this.#wakes.clear()
    for (const wake of wakes) wake()
  }
}
