import { NO_CONNECTIONS, sumCounts, type ConnectionCounts } from '../sockets/connection-counts.js'
import { IoSocket } from '../sockets/here/io-socket.js'
import type { ListeningLimits } from '../sockets/options/listening-limits.js'
import type { Peer } from '../sockets/peer.js'
import type { Sockets } from '../sockets/socket.js'

/** A server whose sockets are bound behind what limits and watches their connections. */
export class ListeningServer {
  readonly #sockets = new Set<IoSocket>()

  /** What became of the connections of all its sockets. */
  get connections(): ConnectionCounts {
    return [...this.#sockets].map(({ connections }) => connections).reduce(sumCounts, NO_CONNECTIONS)
  }

  peerOf(routingId: Uint8Array | string): Peer | undefined {
    const text = typeof routingId === 'string' ? routingId : Buffer.from(routingId).toString('latin1')
    for (const socket of this.#sockets) {
      const peer = socket.peerOf(text)
      if (peer !== undefined) return peer
    }
    return undefined
  }

  async listen(socket: Sockets['ROUTER'], endpoint: string, limits: ListeningLimits = {}): Promise<string> {
    if (!(socket instanceof IoSocket)) throw new TypeError('Cannot listen: it must be a socket of openSocket')
    this.#sockets.add(socket)
    return socket.listen(endpoint, limits)
  }
}
