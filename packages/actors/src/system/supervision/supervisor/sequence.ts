/** Does one thing after the other, in the order in which they were asked for. */
export class Sequence {
  /** Undefined when nothing is being done. */
  #last: Promise<unknown> | undefined

  /** Does something when all that was asked for before is done, however that went. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = (this.#last ?? Promise.resolve()).then(work)
    const done = (): void => {
      if (this.#last === last) this.#last = undefined
    }
    const last: Promise<unknown> = result.then(done, done)
    this.#last = last
    return result
  }
}
