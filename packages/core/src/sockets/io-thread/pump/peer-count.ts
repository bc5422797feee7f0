import type { Socket } from '../../../native/zeromq.js'
import { NativeEvents } from '../monitor/native-events.js'

/** How many connections of a socket are up, as ZeroMQ's monitor tells. Only for the I/O thread. */
export class PeerCount {
  #peers = 0

  constructor(native: Socket) {
    const events = NativeEvents.of(native)
    let hasFailed = false
    events.listen(({ type }) => {
      if (type === 'handshake') this.#peers += 1
      else if (type.startsWith('handshake:error')) hasFailed = true
      // ZeroMQ tells of the end of every connection, also of one that never came up.
      else if (type === 'disconnect' && hasFailed) hasFailed = false
      else if (type === 'disconnect') this.#peers -= 1
    })
    void events.ended.then(() => (this.#peers = 0))
  }

  get peers(): number {
    return this.#peers
  }
}
