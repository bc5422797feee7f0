import { giveUp, type Flushable, type Served } from './served.js'

/** What a thread has to send: links with something to flush, and peers to ring. */
export class Outgoing {
  readonly #dirty = new Set<Flushable>()
  readonly #toRing = new Set<Served>()

  /** Flushes a link with the others. */
  add(link: Flushable): void {
    this.#dirty.add(link)
  }

  /** Rings a link's peer, after that. */
  addRing(link: Served): void {
    this.#toRing.add(link)
  }

  /** Forgets a link. */
  remove(link: Served): void {
    this.#dirty.delete(link)
    this.#toRing.delete(link)
  }

  /** Flushes what there is. What is added meanwhile stays for the next time. */
  flush(): void {
    if (this.#dirty.size > 0) for (const link of taken(this.#dirty)) flush(link)
  }

  /** Rings the peers that are to be rung. */
  ring(): void {
    if (this.#toRing.size > 0) for (const link of taken(this.#toRing)) ringPeer(link)
  }

  /** Rings those of them that are worth it while this thread has more to do: each ring may wake a thread. */
  ringWhereDue(): void {
    for (const link of this.#toRing) {
      if (!link.isRingDue) continue
      this.#toRing.delete(link)
      ringPeer(link)
    }
  }
}

/** Flushes a link, and closes it when it cannot be written to. */
export function flush(link: Flushable): void {
  try {
    link.flush()
  } catch (error) {
    giveUp(link, error)
  }
}

function ringPeer(link: Served): void {
  try {
    link.ringPeer()
  } catch (error) {
    giveUp(link, error)
  }
}

/** Empties a set. Returns what was in it. */
function taken<T>(set: Set<T>): T[] {
  const all = [...set]
  set.clear()
  return all
}
