/** Whose way to ZeroMQ it is. */
interface Whose {
  readonly endpoint: string
  readonly peer: string
}

/** Ways of connections that have gone, of which ZeroMQ may still tell. */
const MOST_GONE = 256

/** The ways on which ZeroMQ meets connections, by the endpoints that it knows them by. */
export class InnerWays {
  readonly #whose = new Map<string, Whose>()
  readonly #ways = new Map<object, string>()
  readonly #gone: string[] = []

  add(way: string, connection: Whose): void {
    this.#whose.set(way, { endpoint: connection.endpoint, peer: connection.peer })
    this.#ways.set(connection, way)
  }

  get(way: string): Whose | undefined {
    return this.#whose.get(way)
  }

  /** Nothing that ZeroMQ tells of it is wanted. */
  remove(connection: object): void {
    this.#whose.delete(this.#ways.get(connection) ?? '')
    this.#ways.delete(connection)
  }

  /** It has gone. ZeroMQ may tell of it a little later. */
  forget(connection: object): void {
    const way = this.#ways.get(connection)
    if (way === undefined) return
    this.#ways.delete(connection)
    this.#gone.push(way)
    if (this.#gone.length > MOST_GONE) this.#whose.delete(this.#gone.shift() as string)
  }
}
