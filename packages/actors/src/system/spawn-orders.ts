import type { SpawnOrder } from '../messaging/services/system-service.js'

const NEXT = Promise.resolve()

/** The spawns that actors of all hosts wait for and may give up, in the main thread. */
export class SpawnOrders {
  readonly #underWay = new Map<string, AbortController>()

  /**
   * Starts something for an actor.
   *
   * @param start Gets a signal that aborts when it is given up.
   */
  async run<T>(
    { by, number }: Pick<SpawnOrder, 'by' | 'number'>,
    start: (givenUp: AbortSignal | undefined) => T | Promise<T>,
  ): Promise<T> {
    // Not in the call of an actor of this thread: actors that start each other would fill the stack.
    await NEXT
    if (number === undefined) return start(undefined)
    const key = `${by.id}/${number}`
    const controller = new AbortController()
    this.#underWay.set(key, controller)
    try {
      return await start(controller.signal)
    } finally {
      this.#underWay.delete(key)
    }
  }

  /** An actor no longer waits. Its host takes care of one that has been started. */
  giveUp(by: number, number: number): void {
    this.#underWay.get(`${by}/${number}`)?.abort(new Error('The spawn was given up'))
  }
}
