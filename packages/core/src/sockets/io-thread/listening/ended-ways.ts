/** A way on which ZeroMQ meets a connection. */
export interface Way {
  /** What ZeroMQ has connected to. */
  readonly endpoint: string
  /** The routing id of the connection here. */
  readonly routingId: string
}

interface EndedWay extends Way {
  /** Its place among those that have ended. */
  readonly number: number
  /** How many messages have to be received, in addition to the ways that are opened, until it is known to be empty. */
  readonly emptyAt: number
}

/** In its first turn a way gives its peer's routing id, which ZeroMQ keeps to itself. */
const TURNS = 2

/**
 * The ways to ZeroMQ whose connections have ended, and which of them are empty: all that came by them has been
 * received, and ZeroMQ has looked for more. To have ZeroMQ let go of one before loses messages, and can end the process
 * (hazard H17).
 *
 * ZeroMQ takes messages from its ways in turn. When it has nothing to receive, all are empty. Where it always has, one
 * is when so many messages have come that it has had its turns, and none of them by this one.
 */
export class EndedWays {
  /** By their routing ids, in the order of their numbers. */
  readonly #ended = new Map<string, EndedWay>()
  #last = 0
  #received = 0
  #opened = 0

  get size(): number {
    return this.#ended.size
  }

  /** The number of the way that has ended last. */
  get last(): number {
    return this.#last
  }

  /** ZeroMQ has one way more from now on. */
  opened(): void {
    this.#opened += 1
  }

  /**
   * The connection of a way has ended.
   *
   * @param ways How many ways ZeroMQ has, this one among them.
   */
  add({ endpoint, routingId }: Way, ways: number): void {
    this.#last += 1
    this.#ended.set(routingId, {
      endpoint,
      routingId,
      number: this.#last,
      emptyAt: this.#received + TURNS * (ways - this.#opened),
    })
  }

  /**
   * A message was received. Takes out those that are empty by that.
   *
   * @param routingId Of the way by which it came.
   * @param ways How many ways ZeroMQ has.
   */
  received(routingId: string, ways: number): readonly Way[] {
    this.#received += 1
    const its = this.#ended.get(routingId)
    if (its !== undefined) {
      this.#ended.delete(routingId)
      this.add(its, ways)
    }
    return this.#takeWhile(({ emptyAt }) => this.#received >= emptyAt + TURNS * this.#opened)
  }

  /**
   * There was nothing to receive. Takes out those that had ended before.
   *
   * @param last The number of the last one of them.
   */
  empty(last: number): readonly Way[] {
    return this.#takeWhile(({ number }) => number <= last)
  }

  #takeWhile(isEmpty: (way: EndedWay) => boolean): readonly Way[] {
    const taken: Way[] = []
    for (const way of this.#ended.values()) {
      if (!isEmpty(way)) break
      this.#ended.delete(way.routingId)
      taken.push(way)
    }
    return taken
  }
}
