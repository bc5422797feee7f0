/** What has to be known of one inproc endpoint. */
interface Place<S> {
  /** Sockets that have bound it. */
  readonly bound: Set<S>
  /** Open sockets that connected to it before any socket had bound it. */
  readonly waiting: Set<S>
  /** Whether one of those was closed. ZeroMQ keeps it until another socket binds. */
  hasClosed: boolean
}

/**
 * The sockets that wait at each inproc endpoint for a bind. ZeroMQ keeps such a socket, and its descriptor, even after
 * it was closed (hazard H8).
 *
 * All sockets of the process live in the I/O thread, so this covers all of them. It does no I/O.
 */
export class InprocPlaces<S> {
  readonly #places = new Map<string, Place<S>>()

  connected(socket: S, endpoint: string): void {
    if (!endpoint.startsWith('inproc:')) return
    const place = this.#placeOf(endpoint)
    if (place.bound.size === 0) place.waiting.add(socket)
  }

  bound(socket: S, endpoint: string): void {
    if (!endpoint.startsWith('inproc:')) return
    const place = this.#placeOf(endpoint)
    place.bound.add(socket)
    place.waiting.clear()
    place.hasClosed = false
  }

  unbound(socket: S, endpoint: string): void {
    const place = this.#places.get(endpoint)
    place?.bound.delete(socket)
    this.#forget(endpoint)
  }

  /** A socket is closed. Returns the endpoints that it goes on waiting at. */
  closed(socket: S): string[] {
    const waits: string[] = []
    for (const [endpoint, place] of this.#places) {
      place.bound.delete(socket)
      if (place.waiting.delete(socket)) {
        place.hasClosed = true
        waits.push(endpoint)
      }
      this.#forget(endpoint)
    }
    return waits
  }

  /**
   * Whether all sockets that wait at an endpoint are closed. Then it may be bound instead of the socket that never
   * came; open ones would miss that socket if it came after all.
   */
  isForsaken(endpoint: string): boolean {
    const place = this.#places.get(endpoint)
    return place?.hasClosed === true && place.waiting.size === 0
  }

  /** The endpoints where closed sockets wait, and perhaps open ones. */
  get waitedAt(): string[] {
    return [...this.#places]
      .filter(([, { hasClosed, waiting }]) => hasClosed || waiting.size > 0)
      .map(([endpoint]) => endpoint)
  }

  /** No socket waits at an endpoint any longer. */
  freed(endpoint: string): void {
    const place = this.#places.get(endpoint)
    if (place !== undefined) place.hasClosed = false
    this.#forget(endpoint)
  }

  #placeOf(endpoint: string): Place<S> {
    const place = this.#places.get(endpoint) ?? { bound: new Set(), waiting: new Set(), hasClosed: false }
    this.#places.set(endpoint, place)
    return place
  }

  #forget(endpoint: string): void {
    const place = this.#places.get(endpoint)
    if (place !== undefined && place.bound.size === 0 && place.waiting.size === 0 && !place.hasClosed)
      this.#places.delete(endpoint)
  }
}
