import { defineActor } from '@zera/actors'

/** Says how long what it is given is. */
export class Measurer {
  #taken = 0

  take(payload: string | Uint8Array): void {
    this.#taken += payload.length
  }

  /** What has come since the last time. */
  taken(): number {
    const taken = this.#taken
    this.#taken = 0
    return taken
  }
}

export default defineActor(import.meta.url, Measurer)
