import { sizeOf } from '../../messages/frames.js'
import type { LaneStatistics } from '../../pump-statistics.js'
import type { ServedSocket } from '../served-socket.js'

/** What a lane does with the messages that it takes. */
export interface LaneWork {
  /** Gives what is to be handed on; undefined when the message was for the pump itself. */
  readonly read?: (frames: Buffer[]) => Buffer[] | undefined
  /** Hands a message on. Returns what resolves when there is room for the next one, if there is none now. */
  readonly handOn: (frames: Buffer[]) => Promise<unknown> | undefined
}

/**
 * One direction of a pump. It has one message in hand at most, so a socket at its high-water mark makes ZeroMQ's own
 * queues in front of it fill, and holds up nothing but its lane.
 */
export class PumpLane {
  readonly #from: ServedSocket
  readonly #work: LaneWork
  #messages = 0
  #bytes = 0
  #waiting = 0
  #isPaused = false
  #resumed: (() => void)[] = []

  constructor(from: ServedSocket, work: LaneWork) {
    this.#from = from
    this.#work = work
    from.pumpTo(frames => this.#take(frames))
  }

  /** Messages that were taken. */
  get messages(): number {
    return this.#messages
  }

  /** Whether everything that has arrived was handed on. */
  get isIdle(): boolean {
    return this.#waiting === 0 && !this.#from.isReadable
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    for (const resume of this.#resumed.splice(0)) resume()
  }

  statistics(dropped: number): LaneStatistics {
    return { messages: this.#messages, bytes: this.#bytes, dropped, waiting: this.#waiting }
  }

  #take(arrived: Buffer[]): Promise<unknown> | undefined {
    const { read } = this.#work
    const frames = read === undefined ? arrived : read(arrived)
    if (frames === undefined) return undefined
    this.#messages += 1
    this.#bytes += sizeOf(frames)
    if (this.#isPaused) return this.#waitFor(this.#handOnLater(frames))
    const room = this.#work.handOn(frames)
    return room === undefined ? undefined : this.#waitFor(room)
  }

  async #handOnLater(frames: Buffer[]): Promise<void> {
    while (this.#isPaused) await new Promise<void>(resolve => this.#resumed.push(resolve))
    await this.#work.handOn(frames)
  }

  async #waitFor(room: Promise<unknown>): Promise<void> {
    this.#waiting += 1
    await room
    this.#waiting -= 1
  }
}
