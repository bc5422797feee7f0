import { defineActor, type ActorRef } from '@zera/actors'
import type { Keeper } from './keeper.js'
import { findTrack } from './track.js'

interface TellerProps {
  readonly track: number
  readonly keeper: ActorRef<Keeper>
}

/** Messages before it lets others have their turn. */
const BURST = 32

/** Tells a keeper numbers, as fast as that takes them, until it is to finish or its thread dies. */
class Teller {
  #keeper!: ActorRef<Keeper>
  #isFinishing = false
  #telling: Promise<void> = Promise.resolve()

  onStart({ track, keeper }: TellerProps): void {
    this.#keeper = keeper
    this.#telling = this.#tell(track)
  }

  /** Sends no more, and returns when all that this instance has sent was handled. */
  async finish(): Promise<void> {
    this.#isFinishing = true
    await this.#telling
    await this.#keeper.ask({ timeoutMs: Infinity }).settle()
  }

  async #tell(index: number): Promise<void> {
    const track = findTrack(index)
    while (!this.#isFinishing && track.hasRoom(BURST)) {
      for (let sent = 0; sent < BURST; sent++) {
        track.countBegun()
        this.#keeper.tell.keep(index, track.sent)
        track.countSent()
      }
      await this.#keeper.ready()
      await new Promise<void>(resolve => setImmediate(resolve))
    }
  }
}

export default defineActor(import.meta.url, Teller)
