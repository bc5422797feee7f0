import { defineActor } from '@zera/actors'
import { Truth, type LaneName } from '../records/truth.js'
import { isPayload, type Payload } from '../rows/payload.js'
import { countUp } from '../threads/stream.js'

/** An actor that takes what the victim sends. */
export class Sink {
  readonly #truth = Truth.find()

  take(lane: LaneName, number: number): number {
    this.#truth.lane(lane).handle(number)
    return number
  }

  /** Handles nothing more until it is released, so that the window fills. */
  async block(): Promise<void> {
    await this.#truth.released()
  }

  /** Counts up until all are released, or its reader is gone. */
  async *count(): AsyncGenerator<number, void, void> {
    this.#truth.noteStream(1)
    try {
      yield* countUp(this.#truth)
    } finally {
      this.#truth.noteStream(-1)
    }
  }

  /** Holds a payload until it is released, and looks at every byte then. */
  async hold(lane: LaneName, number: number, payload: Payload, sizeBytes: number): Promise<number> {
    this.#truth.lane(lane).handle(number)
    await this.#truth.released()
    if (!isPayload(payload, number, sizeBytes)) this.#truth.noteCorrupt()
    return number
  }
}

export default defineActor(import.meta.url, Sink)
