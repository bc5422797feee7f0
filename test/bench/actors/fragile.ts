import { defineActor } from '@zera/actors'

/** Fails on demand. */
export class Fragile {
  fail(): never {
    throw new Error('as told')
  }

  echo<T>(value: T): T {
    return value
  }
}

export default defineActor(import.meta.url, Fragile)
