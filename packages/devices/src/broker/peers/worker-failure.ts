import { randomUUID } from 'node:crypto'
import { describeThrown, inRootContext, toError } from '@zera/core/internal'
import type { DeviceLog } from '../../base/device-log.js'
import { shownText } from '../../base/shown-text.js'

/** A request that a worker could not answer, for a reason that its client does not see. */
export interface WorkerFailure {
  /** What the client got instead of the reason. It identifies the failure in the log. */
  readonly incident: string
  readonly service: string
  /** What was thrown, or what is wrong with the reply, made an Error that can be read. */
  readonly error: Error
}

/**
 * Reports what a handler has thrown, and returns the text that its client may read. It never throws, whatever its
 * argument is.
 */
export class WorkerFailures {
  readonly #service: string
  readonly #log: DeviceLog
  readonly #onFailure: ((failure: WorkerFailure) => void) | undefined

  constructor(service: string, log: DeviceLog, onFailure: ((failure: WorkerFailure) => void) | undefined) {
    this.#service = service
    this.#log = log
    this.#onFailure = onFailure
  }

  threw(thrown: unknown): string {
    const shown = shownText(thrown)
    if (shown !== undefined) return shown
    const failure: WorkerFailure = { incident: randomUUID(), service: this.#service, error: toError(thrown) }
    this.#report(failure)
    return `The worker has failed; ask its operator about incident ${failure.incident}`
  }

  #report(failure: WorkerFailure): void {
    try {
      if (this.#onFailure !== undefined) return inRootContext(() => this.#onFailure?.(failure))
    } catch (error) {
      this.#log.note(`onFailure has thrown: ${describeThrown(error)}`)
    }
    this.#log.note(`failed, incident ${failure.incident}: ${describeThrown(failure.error)}`)
  }
}
