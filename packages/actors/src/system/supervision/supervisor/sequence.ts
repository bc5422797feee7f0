/** Does one thing after the other, in the order in which they were asked for. */
export class Sequence {
  /** Undefined when nothing is being done. */
  #last: Promise<unknown> | undefined

  /** Does something when all that was asked for before is done, however that went. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = (this.#last ?? Promise.resolve()).then(work)
    const done = (): void => {
      if (this.#last === last) this.#last = undefined
    }
    const last: Promise<unknown> = result.then(done, done)
    this.#last = last
    return result
  }

  /** Does something at once when nothing is being done, and else in its turn. Returns, or throws, what that does. */
  begin<T>(work: () => T | Promise<T>): T | Promise<T> {
    if (this.#last !== undefined) return this.run(work)
    const result = work()
    // What it has asked for itself has begun, and what is asked for next comes after both.
    if (result instanceof Promise) void this.run(() => result)
    return result
  }
}
