const COMPACT_AT = 4096

/** A first-in first-out queue whose ends both cost the same however long it is; an array's `shift` moves all that is left. */
export class Queue<T> {
  #items: (T | undefined)[] = []
  #head = 0

  /** How many items it holds. */
  get size(): number {
    return this.#items.length - this.#head
  }

  /** Adds an item at the end. */
  add(item: T): void {
    this.#items.push(item)
  }

  /** Adds an item before all others. */
  addFirst(item: T): void {
    if (this.#head === 0) {
      // Room for as many again, so that each costs the same.
      const room = Math.max(16, this.#items.length)
      this.#items = [...Array.from<T | undefined>({ length: room }), ...this.#items]
      this.#head = room
    }
    this.#head -= 1
    this.#items[this.#head] = item
  }

  /** The first item, which stays; undefined when there is none. */
  peek(): T | undefined {
    return this.#items[this.#head]
  }

  /** Takes the first item; undefined when there is none. */
  take(): T | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head += 1
    if (this.#head === this.#items.length || this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** Takes the first item that fits, wherever it stands. Its cost grows with the queue. */
  takeWhere(fits: (item: T) => boolean): T | undefined {
    const at = this.#items.findIndex((item, index) => index >= this.#head && fits(item as T))
    return at < 0 ? undefined : this.#items.splice(at, 1)[0]
  }
}
