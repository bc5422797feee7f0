import { inRootContext, isError, toError } from '@zera/core/internal'

/**
 * Tells a handler that it need not go on. Its signal, and the reason, are made when somebody asks for them, which few
 * do.
 */
export class Cancellation {
  #controller: AbortController | undefined
  #why: string | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#why !== undefined) this.#abort(this.#controller, this.#why)
    return this.#controller.signal
  }

  get isCancelled(): boolean {
    return this.#why !== undefined
  }

  /** Aborts the signal, also for who asks for it later. */
  cancel(why: string): void {
    this.#why ??= why
    if (this.#controller !== undefined) this.#abort(this.#controller, this.#why)
  }

  /**
   * Whether a handler threw this because it was told: the signal's reason, or the AbortError that Node's own functions
   * make of it.
   */
  explains(thrown: unknown): boolean {
    return (
      this.isCancelled &&
      isError(thrown) &&
      (thrown === this.#controller?.signal.reason || toError(thrown).name === 'AbortError')
    )
  }

  #abort(controller: AbortController, why: string): void {
    // Its listeners are the handler's, and who cancels it is somebody else.
    if (!controller.signal.aborted)
      inRootContext(() => controller.abort(Object.assign(new Error(why), { name: 'AbortError' })))
  }
}
