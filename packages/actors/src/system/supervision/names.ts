/** The actor with a name. */
interface Holder {
  readonly id: number
  /** The callers that wait for its fate; undefined as long as it is there, or will be again. */
  waiting: (() => void)[] | undefined
}

/**
 * The names of a system's actors. Each name has one holder.
 *
 * When an actor has ended, it may take a while to see whether it is restarted, and others hear of the end meanwhile. So
 * its name is _in doubt_ from then on. A caller that wants the name waits until it is free, or kept.
 */
export class Names {
  readonly #holders = new Map<string, Holder>()

  /** Takes a name for an actor. Returns false when another has it; the empty name is for all actors without one. */
  take(name: string, id: number): boolean {
    if (name === '') return true
    if (this.#holders.has(name)) return false
    this.#holders.set(name, { id, waiting: undefined })
    return true
  }

  /** An actor has come to an end, or is about to. */
  doubt(name: string): void {
    const holder = this.#holders.get(name)
    if (holder !== undefined) holder.waiting ??= []
  }

  /** An actor is started again, or can be: the name is still its own. */
  keep(name: string): void {
    const holder = this.#holders.get(name)
    const waiting = holder?.waiting
    if (holder === undefined || waiting === undefined) return
    holder.waiting = undefined
    for (const hear of waiting) hear()
  }

  /** An actor is gone for good. */
  free(name: string): void {
    const waiting = this.#holders.get(name)?.waiting ?? []
    this.#holders.delete(name)
    for (const hear of waiting) hear()
  }

  /**
   * Resolves when a name is no longer in doubt; undefined when it is not.
   *
   * @param by The asker and the actors above it: none waits for its own end, nor for one that waits for its.
   */
  settled(name: string, ...by: readonly number[]): Promise<void> | undefined {
    const holder = this.#holders.get(name)
    if (holder?.waiting === undefined || by.includes(holder.id)) return undefined
    return new Promise(resolve => holder.waiting?.push(resolve))
  }
}
