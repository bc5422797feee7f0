import type { Socket } from 'zeromq'

/** How many connections of a socket are up, as ZeroMQ's monitor tells. It ends with the socket. Only for the I/O thread: it is a native operation that is always pending (hazard H1). */
export class PeerCount {
  #peers = 0

  constructor(native: Socket) {
    void this.#follow(native)
  }

  get peers(): number {
    return this.#peers
  }

  async #follow(native: Socket): Promise<void> {
    let hasFailed = false
    try {
      for await (const { type } of native.events) {
        if (type === 'handshake') this.#peers += 1
        else if (type.startsWith('handshake:error')) hasFailed = true
        // ZeroMQ tells of the end of every connection, also of one that never came up.
        else if (type === 'disconnect' && hasFailed) hasFailed = false
        else if (type === 'disconnect') this.#peers -= 1
      }
    } catch {
      // The socket was closed in the middle of an event.
    }
    this.#peers = 0
  }
}
