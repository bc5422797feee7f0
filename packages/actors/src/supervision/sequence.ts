/** Does one thing after the other, in the order in which they were asked for. */
export class Sequence {
  #last: Promise<unknown> = Promise.resolve()

  /** Does something when all that was asked for before is done, however that went. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
