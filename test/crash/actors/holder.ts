import { defineActor } from '@zera/actors'
import { isPayload, type Payload } from '../rows/payload.js'

/** An actor that keeps all payloads that it is sent. */
export class Holder {
  readonly #payloads: Payload[] = []

  hold(number: number, payload: Payload): void {
    this.#payloads[number] = payload
  }

  /** How many it has. */
  count(): number {
    return this.#payloads.length
  }

  /** Looks at every byte. Returns how many payloads are not what was sent. */
  countCorrupt(sizeBytes: number): number {
    return this.#payloads.filter((payload, number) => !isPayload(payload, number, sizeBytes)).length
  }
}

export default defineActor(import.meta.url, Holder)
