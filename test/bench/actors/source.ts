import { defineActor } from '@zera/actors'

/** Yields numbers. */
export class Source {
  *upTo(limit: number): Generator<number, void, void> {
    for (let number = 0; number < limit; number++) yield number
  }
}

export default defineActor(import.meta.url, Source)
