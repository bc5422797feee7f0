import { setTimeout } from 'node:timers/promises'
import type { Socket } from 'zeromq'

/** Those whose sockets ZeroMQ has not let go of. */
const open = new Set<PeerCount>()

/**
 * How many connections of a socket are up, as ZeroMQ's monitor tells. It ends some time after its socket was closed, when ZeroMQ has let go of that.
 *
 * Only for the I/O thread: it has a native operation pending all the time (hazard H1), so that thread does not end before it.
 */
export class PeerCount {
  readonly #native: Socket
  readonly #ended: Promise<void>
  #peers = 0

  constructor(native: Socket) {
    this.#native = native
    open.add(this)
    this.#ended = this.#follow().finally(() => open.delete(this))
  }

  /** Resolves when all have ended, or after `maxMs`. For the end of the thread. */
  static async allEnded(maxMs: number): Promise<void> {
    const late = new AbortController()
    await Promise.race([Promise.all(Array.from(open, count => count.#ended)), setTimeout(maxMs, undefined, { signal: late.signal })])
    late.abort()
    // While the thread goes on, this would make ZeroMQ wait for somebody who reads what the monitor tells.
    for (const count of open) count.#native.events.close()
  }

  get peers(): number {
    return this.#peers
  }

  async #follow(): Promise<void> {
    let hasFailed = false
    try {
      for await (const { type } of this.#native.events) {
        if (type === 'handshake') this.#peers += 1
        else if (type.startsWith('handshake:error')) hasFailed = true
        // ZeroMQ tells of the end of every connection, also of one that never came up.
        else if (type === 'disconnect' && hasFailed) hasFailed = false
        else if (type === 'disconnect') this.#peers -= 1
      }
    } catch {
      // It was closed in the middle of an event.
    }
    this.#peers = 0
  }
}
