import { defineActor } from '@zera/actors'

/** Fails when it is told to. */
export class Fragile {
  fail(): never {
    throw new Error('as told')
  }

  echo<T>(value: T): T {
    return value
  }
}

export default defineActor(import.meta.url, Fragile)
