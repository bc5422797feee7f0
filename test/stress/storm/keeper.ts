import { actorContext, defineActor } from '@zera/actors'
import { findTrack, type Track } from './track.js'

const SLOW_EVERY = 64

/** Loses nothing: what its thread has not finished is delivered to its next life. */
export class Keeper {
  readonly #context = actorContext()
  readonly #tracks = new Map<number, Track>()

  /** Takes a message of a track; some take so long that a death comes in the middle. */
  async keep(track: number, number: number): Promise<void> {
    this.#track(track).handle(number, this.#context.redelivered)
    if (number % SLOW_EVERY === 0) await new Promise<void>(resolve => setImmediate(resolve))
  }

  /** Comes after all that was sent before. */
  settle(): void {
    // That it is handled says it all.
  }

  #track(index: number): Track {
    const known = this.#tracks.get(index) ?? findTrack(index)
    this.#tracks.set(index, known)
    return known
  }
}

export default defineActor(import.meta.url, Keeper, { redeliver: true, maxRedeliveries: Infinity })
