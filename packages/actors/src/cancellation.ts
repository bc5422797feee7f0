/** Tells a handler that it need not go on. Its signal is made when somebody asks for it, which few do. */
export class Cancellation {
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  get isCancelled(): boolean {
    return this.#controller?.signal.aborted === true
  }

  /** Aborts the signal, also for who asks for it later. */
  cancel(why: string): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(Object.assign(new Error(why), { name: 'AbortError' }))
  }

  /** Whether a handler threw this because it was told: the signal's reason, or the AbortError that Node's own functions make of it. */
  explains(thrown: unknown): boolean {
    return this.isCancelled && (thrown === this.signal.reason || (thrown instanceof Error && thrown.name === 'AbortError'))
  }
}
