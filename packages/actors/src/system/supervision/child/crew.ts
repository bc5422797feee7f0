/**
 * Actors that stand in for each other, such as the workers of a pool. They have one place in the order of a stop, that
 * of the first of them, and are stopped as one.
 */
export interface Crew {
  /** Their place among the children of their supervisor, which gives it to the first of them. */
  order: number | undefined
  /**
   * One of them is about to stop. Resolves when all that was sent to it has arrived, and nothing more is sent to it:
   * what comes now is for the others. Never rejects, but may never resolve when a thread spins.
   */
  leave(id: number): Promise<void>
}

/** What one of a crew is to it. */
export interface WorkerPlace {
  readonly crew: Crew
  /** What errors, events and snapshots call it: the name of the pool and its index; empty for a pool without a name. */
  readonly name: string
}
