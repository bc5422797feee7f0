import { defineActor } from '@zera/actors'
import { formOf, releaseBlocks, type Form } from '../benches/payloads/kinds/binaries.js'
import { kindOf, markAt, payloadOf, type Kind } from '../benches/payloads/kinds/kinds.js'
import type { Tally } from '../runs/delivery-error.js'
import { collectGarbage } from '../runs/heap.js'

/** Receives payloads, sends them back, and yields some. */
export class Payloads {
  #kind: Kind | undefined
  #isInBlocks = false
  #count = 0
  #sum = 0

  /** Lets go of what came. */
  collect(): void {
    collectGarbage()
  }

  /** Says what comes next. */
  begin(kind: string, form: Form): void {
    this.#kind = kindOf(kind)
    this.#isInBlocks = form === 'blocks'
  }

  echo(payload: unknown): unknown {
    return payload
  }

  take(payload: unknown): void {
    this.#sum += markAt(this.#kind as Kind, payload, this.#count++)
    if (this.#isInBlocks) releaseBlocks(payload)
  }

  /** What has come since the last time. */
  tally(): Tally {
    const tally = { count: this.#count, sum: this.#sum }
    this.#count = this.#sum = 0
    return tally
  }

  *items(name: string, form: Form, items: number): Generator<unknown, void, void> {
    const kind = kindOf(name)
    for (let number = 0; number < items; number++) yield formOf(payloadOf(kind, number), form).value
  }
}

export default defineActor(import.meta.url, Payloads)
