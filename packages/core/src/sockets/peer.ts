/** Whose a connection is, at what listens. */
export interface Peer {
  /** Its address, `tcp://host:port`; `''` over ipc. */
  readonly address: string
  /** CURVE: the key that it has proved to have. */
  readonly publicKey?: string
  /** CURVE and PLAIN: what whoever has let it in calls it; its public key or its name, where nothing else was said. */
  readonly userId?: string
}

/** Clients that have gone, whose messages may still wait. */
const MOST_GONE = 1024

/** The clients of a socket that listens, by their routing ids. */
export class Peers {
  readonly #peers = new Map<string, Peer>()
  readonly #gone: string[] = []

  get(routingId: string): Peer | undefined {
    return this.#peers.get(routingId)
  }

  /** @param peer `null` when it has gone: what it has said may still be received. */
  set(routingId: string, peer: Peer | null): void {
    if (peer !== null) {
      this.#peers.set(routingId, peer)
      return
    }
    this.#gone.push(routingId)
    if (this.#gone.length > MOST_GONE) this.#peers.delete(this.#gone.shift() as string)
  }
}
