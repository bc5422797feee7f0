/** The spawns that actors of all hosts wait for and may give up, in the main thread. */
export class SpawnOrders {
  readonly #underWay = new Map<string, AbortController>()

  /**
   * Starts something for an actor.
   *
   * @param order Its number among those of the actor; undefined when it cannot be given up.
   * @param start Gets a signal that aborts when it is given up.
   */
  async run<T>(
    by: number,
    order: number | undefined,
    start: (givenUp: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    if (order === undefined) return start(undefined)
    const key = `${by}/${order}`
    const controller = new AbortController()
    this.#underWay.set(key, controller)
    try {
      return await start(controller.signal)
    } finally {
      this.#underWay.delete(key)
    }
  }

  /** An actor no longer waits. Its host takes care of one that has been started. */
  giveUp(by: number, order: number): void {
    this.#underWay.get(`${by}/${order}`)?.abort(new Error('The spawn was given up'))
  }
}
