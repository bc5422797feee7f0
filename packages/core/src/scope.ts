import { toError } from './thrown.js'

type Release = () => void | Promise<void>

interface Owned {
  readonly name: string
  readonly release: Release
}

/**
 * The owner of what was acquired: it releases everything in reverse order, once, and says what it has released.
 *
 * One release that fails does not keep the others from happening.
 *
 * @example
 * ```ts
 * await using scope = new Scope()
 * scope.own('server', () => server.close())
 * ```
 */
export class Scope {
  readonly #owned: Owned[] = []
  #closing: Promise<readonly string[]> | undefined

  /** Owns something from now on. When the scope is closed already, it is released at once. */
  own(name: string, release: Release): void {
    this.#owned.push({ name, release })
    if (this.#closing !== undefined) this.#closing = this.#closing.then(async released => [...released, ...(await this.#releaseAll())])
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /**
   * Releases everything, last acquired first. Calling it twice gives the same list.
   *
   * @returns The names of what was released, in that order.
   * @throws {AggregateError} With each error of a release, after all were tried.
   */
  close(): Promise<readonly string[]> {
    this.#closing ??= this.#releaseAll()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #releaseAll(): Promise<readonly string[]> {
    const released: string[] = []
    const errors: Error[] = []
    for (let owned = this.#owned.pop(); owned !== undefined; owned = this.#owned.pop()) {
      try {
        await owned.release()
        released.push(owned.name)
      } catch (error) {
        errors.push(toError(error))
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `Cannot release ${errors.length} resources of a scope; see errors`)
    return released
  }
}
