import { epochMs } from '../../../base/runtime/real-timers.js'
import type { Socket } from '../../../native/zeromq.js'
import { expectDescriptors } from '../../../words/descriptors.js'
import type { SocketEvent } from '../../socket-event.js'
import { NativeEvents } from './native-events.js'
import { readEvent, type Side } from './read-event.js'

/** A consumer of events, as far as it has room. */
interface Listener {
  /** Events that it takes at the moment. */
  room: number
  /** Events that it had no room for. */
  dropped: number
  /** How many of them it knows of. */
  told: number
  /** @param event `null` when there is none, and only the count has changed; `'end'` when no more will come. */
  hear(event: SocketEvent | 'end' | null, dropped: number): void
}

/** What a monitor of ZeroMQ takes. */
const DESCRIPTORS = 8

/** Tells threads what happens to the connections of one socket. In the I/O thread. */
export class ServedMonitor {
  readonly #listeners = new Map<number, Listener>()
  /** Resolves when no event will come any more. */
  readonly ended: Promise<void>
  #hasEnded = false

  /**
   * @param change Translates a ZeroMQ event; undefined when it should not be reported.
   * @throws {DescriptorLimitError}
   */
  constructor(native: Socket, side: Side, change: (event: SocketEvent) => SocketEvent | undefined) {
    expectDescriptors('watch a socket', DESCRIPTORS)
    const events = NativeEvents.of(native)
    events.listen(said => {
      const event = readEvent(said, side, epochMs())
      const changed = event === undefined ? undefined : change(event)
      if (changed !== undefined) this.add(changed)
    })
    this.ended = events.ended.then(() => this.end())
  }

  listen(id: number, room: number, hear: Listener['hear']): void {
    this.#listeners.set(id, { room, dropped: 0, told: 0, hear })
    if (this.#hasEnded) hear('end', 0)
  }

  /** It has room for so many more. */
  give(id: number, events: number): void {
    const listener = this.#listeners.get(id)
    if (listener === undefined) return
    listener.room += events
    if (listener.told < listener.dropped) this.#tell(listener, null)
  }

  leave(id: number): void {
    this.#listeners.delete(id)
  }

  /** Something has happened. A listener without room for it hears how much was dropped. */
  add(event: SocketEvent): void {
    for (const listener of this.#listeners.values()) {
      if (listener.room === 0) {
        listener.dropped += 1
        continue
      }
      listener.room -= 1
      this.#tell(listener, event)
    }
  }

  /** Reports nothing more. ZeroMQ's events are still read. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    for (const listener of this.#listeners.values()) this.#tell(listener, 'end')
    this.#listeners.clear()
  }

  #tell(listener: Listener, event: SocketEvent | 'end' | null): void {
    listener.told = listener.dropped
    listener.hear(event, listener.dropped)
  }
}
