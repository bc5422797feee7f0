/** What has to be known of one inproc endpoint. */
interface Place<S> {
  /** Sockets that have bound it. */
  readonly bound: Set<S>
  /** Open sockets that have connected to it before anybody had bound it. */
  readonly waiting: Set<S>
  /** Whether one of those was closed, which ZeroMQ keeps until somebody binds. */
  hasClosed: boolean
}

/**
 * Who waits at which inproc endpoint for somebody to bind it: ZeroMQ keeps a socket that does, and its descriptor, also
 * after it was closed (hazard H8).
 *
 * All sockets of the process live in the I/O thread, so this is the whole truth of them. It does no IO.
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
   * Whether all who wait at an endpoint are closed, so that it may be bound in place of who never came: open ones would
   * miss who comes after all.
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

  /** Nobody waits at an endpoint any more. */
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
