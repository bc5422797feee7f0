import { toError } from '../errors/thrown.js'
import { monotonicMs } from '../runtime/real-timers.js'

/**
 * Closes something.
 *
 * @param leftMs Milliseconds in which it should finish; anything that would take longer is cut short.
 */
export type Release = (leftMs: number) => unknown

interface Owned {
  readonly name: string
  readonly release: Release
}

/**
 * Owns what was acquired: it releases everything once, in reverse order, and says what it has released.
 *
 * A release that fails does not prevent the others.
 *
 * @example
 *   await using scope = new Scope()
 *   scope.own('server', () => server.close())
 */
export class Scope {
  readonly #owned = new Set<Owned>()
  #until = Infinity
  #closing: Promise<readonly string[]> | undefined

  /** How many things it owns. */
  get size(): number {
    return this.#owned.size
  }

  /**
   * Owns something from now on. A scope that is already closed releases it at once.
   *
   * @returns The function that lets go of it, for when something else has closed it.
   */
  own(name: string, release: Release): () => void {
    const owned = { name, release }
    this.#owned.add(owned)
    if (this.#closing !== undefined)
      this.#closing = this.#closing.then(async released => [...released, ...(await this.#releaseAll())])
    return () => void this.#owned.delete(owned)
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /**
   * Releases everything, last acquired first. Calling it twice gives the same list.
   *
   * @param withinMs Milliseconds for all releases together; each gets what is left. Default Infinity.
   * @returns The names of what was released, in that order.
   * @throws {AggregateError} With the error of every release that failed, after all were tried.
   */
  close(withinMs = Infinity): Promise<readonly string[]> {
    if (this.#closing === undefined) {
      this.#until = monotonicMs() + withinMs
      this.#closing = this.#releaseAll()
    }
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #releaseAll(): Promise<readonly string[]> {
    const released: string[] = []
    const errors: Error[] = []
    // What is acquired in the meantime comes after.
    while (this.#owned.size > 0) {
      for (const owned of [...this.#owned].toReversed()) {
        if (!this.#owned.delete(owned)) continue
        try {
          await owned.release(Math.max(0, this.#until - monotonicMs()))
          released.push(owned.name)
        } catch (error) {
          errors.push(toError(error))
        }
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, `Cannot release ${errors.length} resources of a scope; see errors`)
    return released
  }
}
