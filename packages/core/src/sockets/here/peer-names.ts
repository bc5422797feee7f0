import { SocketError } from '../../base/errors/errors.js'

/**
 * The routing ids that a socket gives to its peers by itself. ZeroMQ ends the process when it is to give one that a
 * peer has already, so this refuses whatever could be such a one.
 */
export class PeerNames {
  readonly #type: string
  readonly #given = new Set<string>()
  #hasOthers = false

  constructor(type: string) {
    this.#type = type
  }

  /** Peers come in that choose their routing ids themselves. At a STREAM none can. */
  admitOthers(): void {
    this.#hasOthers = this.#type === 'ROUTER'
  }

  /** @throws {SocketError} When a peer has it, or may have. */
  give(routingId: string | Uint8Array): void {
    const name = Buffer.from(routingId as string).toString('latin1')
    const action = `Cannot connect a ${this.#type} socket with a routingId`
    if (this.#hasOthers)
      throw new SocketError(
        `${action}: it was bound, or connected without a routingId, so a peer may have chosen the same one; connect with routingIds first, or open another socket`,
      )
    if (this.#given.has(name))
      throw new SocketError(`${action}: it uses that routingId already; choose another one, or open another socket`)
    this.#given.add(name)
  }
}
