const FIRST_ROOM = 16
/** The most room that a queue keeps when it is empty. */
const MOST_KEPT = 8192

/**
 * A first-in first-out queue whose ends both cost the same however long it is; an array's `shift` moves all that is
 * left.
 */
export class Queue<T> {
  /** A ring; its length is a power of two. */
  #ring: (T | undefined)[] = []
  #head = 0
  #size = 0

  /** How many items it holds. */
  get size(): number {
    return this.#size
  }

  /** Adds an item at the end. */
  add(item: T): void {
    if (this.#size === this.#ring.length) this.#grow()
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item
    this.#size += 1
  }

  /** Adds an item before all others. */
  addFirst(item: T): void {
    if (this.#size === this.#ring.length) this.#grow()
    this.#head = (this.#head - 1) & (this.#ring.length - 1)
    this.#ring[this.#head] = item
    this.#size += 1
  }

  /** The first item, which stays; undefined when there is none. */
  peek(): T | undefined {
    return this.#ring[this.#head]
  }

  /** Takes the first item; undefined when there is none. */
  take(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#ring[this.#head]
    this.#ring[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#ring.length - 1)
    this.#size -= 1
    if (this.#size === 0 && this.#ring.length > MOST_KEPT) this.#ring = []
    return item
  }

  /** Takes the first item that fits, wherever it stands. Its cost grows with the queue. */
  takeWhere(fits: (item: T) => boolean): T | undefined {
    this.#straighten()
    const at = this.#ring.findIndex((item, index) => index < this.#size && fits(item as T))
    if (at < 0) return undefined
    const [item] = this.#ring.splice(at, 1)
    this.#ring.push(undefined)
    this.#size -= 1
    return item
  }

  #grow(): void {
    this.#straighten()
    for (let room = Math.max(FIRST_ROOM, this.#ring.length); room > 0; room--) this.#ring.push(undefined)
  }

  /** Lets the first item stand at the beginning of the ring. */
  #straighten(): void {
    if (this.#head > 0) this.#ring = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)]
    this.#head = 0
  }
}
