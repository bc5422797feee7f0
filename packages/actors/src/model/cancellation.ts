import { inRootContext, isError, toError } from '@zera/core/internal'

/** Tells a handler to stop. The signal and its reason are made only on first use, since few handlers use them. */
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

  /** Aborts the signal, also for a later first use. */
  cancel(why: string): void {
    this.#why ??= why
    if (this.#controller !== undefined) this.#abort(this.#controller, this.#why)
  }

  /**
   * Whether a handler threw this because its signal aborted: the signal's reason, or the AbortError that Node's own
   * functions make of it.
   */
  explains(thrown: unknown): boolean {
    return (
      this.isCancelled &&
      isError(thrown) &&
      (thrown === this.#controller?.signal.reason || toError(thrown).name === 'AbortError')
    )
  }

  #abort(controller: AbortController, why: string): void {
    // Its listeners belong to the handler; the code that cancels does not.
    if (!controller.signal.aborted)
      inRootContext(() => controller.abort(Object.assign(new Error(why), { name: 'AbortError' })))
  }
}
