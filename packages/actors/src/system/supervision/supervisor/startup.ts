/**
 * One start of a supervisor. The end of a child during the start is handled only when all children have started, as in
 * OTP. The start waits for that, so that its caller finds everything running that should.
 */
export class Startup {
  #phase: 'starting' | 'settling' | 'over' = 'over'
  #started: Promise<void> = Promise.resolve()
  readonly #early = new Set<Promise<void>>()
  #failure: Error | undefined

  /** Resolves when all children were started once, or one was not. */
  get started(): Promise<void> {
    return this.#started
  }

  get isStarting(): boolean {
    return this.#phase === 'starting'
  }

  get isOver(): boolean {
    return this.#phase === 'over'
  }

  /** Throws what the start of the children throws, and why the supervisor gave up before this was over. */
  async run(startChildren: () => Promise<void>): Promise<void> {
    this.#phase = 'starting'
    let haveStarted: () => void = () => undefined
    this.#started = new Promise(resolve => (haveStarted = resolve))
    try {
      await startChildren().finally(haveStarted)
      this.#phase = 'settling'
      while (this.#early.size > 0) await Promise.all(this.#early)
    } finally {
      this.#phase = 'over'
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Waits for what is done about a child that ended early. It never rejects. */
  waitFor(work: Promise<void>): void {
    this.#early.add(work)
    void work.then(() => this.#early.delete(work))
  }

  /** Makes the start fail in the end. */
  fail(error: Error): void {
    this.#failure = error
  }
}
