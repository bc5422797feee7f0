import { guarded } from '../../../base/errors/uncaught.js'
import { callerClock, within } from '../../../base/time/clock.js'
import type { Event, Socket } from '../../../native/zeromq.js'

/** Those whose sockets ZeroMQ has not let go of. */
const open = new Set<NativeEvents>()
const known = new WeakMap<Socket, NativeEvents>()

/**
 * What ZeroMQ tells of one native socket, for all who want to hear it: a socket has one monitor, and it is read to its
 * end, some time after the socket was closed. Without a reader, ZeroMQ's own thread would wait for one.
 *
 * Only for the I/O thread: it has a native operation pending all the time (hazard H1).
 */
export class NativeEvents {
  /** Resolves when ZeroMQ has let go of the socket. */
  readonly ended: Promise<void>
  readonly #native: Socket
  readonly #listeners: ((event: Event) => void)[] = []

  private constructor(native: Socket) {
    this.#native = native
    const { events } = native
    open.add(this)
    known.set(native, this)
    this.ended = this.#read(events).finally(() => open.delete(this))
  }

  /**
   * The events of a socket, which are read from now on.
   *
   * @throws What ZeroMQ says when there is no descriptor for it.
   */
  static of(native: Socket): NativeEvents {
    return known.get(native) ?? new NativeEvents(native)
  }

  /** Resolves when all have ended, or after `maxMs`. For the end of the thread. */
  static async allEnded(maxMs: number): Promise<void> {
    await within(callerClock, maxMs, Promise.all(Array.from(open, ({ ended }) => ended)))
    for (const events of open) events.#native.events.close()
  }

  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener)
  }

  async #read(events: AsyncIterable<Event>): Promise<void> {
    try {
      for await (const event of events) this.#tell(event)
    } catch {
      // It was closed in the middle of an event.
    }
  }
  /** An error of one of them does not stop the others from reading on. */
  #tell(event: Event): void {
    for (const listener of this.#listeners) guarded(() => listener(event))
  }
}
