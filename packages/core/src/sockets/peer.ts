/** The client behind a connection of a listening socket. */
export interface Peer {
  /** Its address, `tcp://host:port`; `''` over ipc. */
  readonly address: string
  /** CURVE: the key that the client has proved to own. */
  readonly publicKey?: string | undefined
  /** CURVE and PLAIN: the user id that the authenticator gave it. Default: its public key or its name. */
  readonly userId?: string | undefined
}

/** Clients that have gone but whose messages may still wait. */
const MOST_GONE = 1024

/** The clients of a listening socket, by routing id. */
export class Peers {
  readonly #peers = new Map<string, Peer>()
  readonly #gone: string[] = []

  get(routingId: string): Peer | undefined {
    return this.#peers.get(routingId)
  }

  /** @param peer `null` when it has gone: its messages may still be received. */
  set(routingId: string, peer: Peer | null): void {
    if (peer !== null) {
      this.#peers.set(routingId, peer)
      return
    }
    this.#gone.push(routingId)
    if (this.#gone.length > MOST_GONE) this.#peers.delete(this.#gone.shift() as string)
  }
}
