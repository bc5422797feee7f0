import { Scope, systemClock, throwUncaught, type Owner, type Release } from '@zera/core/internal'
import { Countdown, settledBefore } from '../model/time/deadline.js'

/** Extra milliseconds that a release may need on a busy machine before it is left alone. */
const SLACK_MS = 500

const closing = new Set<Promise<unknown>>()

/** Resolves when all that is being closed is closed; undefined when nothing is. Never rejects. */
export function untilClosed(): Promise<unknown> | undefined {
  return closing.size === 0 ? undefined : Promise.allSettled(closing)
}

/** What the code of one instance of an actor has opened, and what has to be closed with it. Most instances open nothing. */
export class InstanceOwner implements Owner {
  readonly #actor: { toString(): string }
  #scope: Scope | undefined
  #isClosed = false

  /** @param actor Its name in errors. */
  constructor(actor: { toString(): string }) {
    this.#actor = actor
  }

  get name(): string {
    return `actor ${this.#actor.toString()}`
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** How many things are open. */
  get size(): number {
    return this.#scope?.size ?? 0
  }

  own(name: string, release: Release): () => void {
    if (this.#isClosed) {
      void Promise.resolve(0).then(release).catch(throwUncaught)
      return () => undefined
    }
    this.#scope ??= new Scope()
    return this.#scope.own(name, release)
  }

  /**
   * Closes all, last opened first; undefined when there is nothing. Nothing can be opened any more.
   *
   * @param withinMs The time that this may take, in real time, as sockets and threads do.
   * @throws {AggregateError} With what the releases threw.
   */
  close(withinMs: number): Promise<unknown> | undefined {
    this.#isClosed = true
    if (this.#scope === undefined) return undefined
    const deadline = new Countdown(systemClock, withinMs + SLACK_MS)
    const closed = settledBefore(deadline, this.#scope.close(withinMs)).finally(() => {
      deadline.cancel()
      closing.delete(closed)
    })
    closing.add(closed)
    return closed
  }
}
