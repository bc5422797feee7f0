/**
 * A map from numbers to what comes and goes, in the order in which it came.
 *
 * Its values are in places that are used again. V8 links each table that a `Map` has outgrown to the next one: as soon
 * as one of them is old, all later ones grow old too, with everything that was in them, and garbage collection copies
 * that twice and keeps it until a full collection. Here the tables hold numbers alone.
 */
export class SlotMap<T> {
  readonly #places = new Map<number, number>()
  readonly #values: (T | undefined)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#places.size
  }

  has(key: number): boolean {
    return this.#places.has(key)
  }

  get(key: number): T | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#values[place]
  }

  set(key: number, value: T): void {
    const place = this.#places.get(key) ?? this.#free.pop() ?? this.#values.length
    this.#values[place] = value
    this.#places.set(key, place)
  }

  /** Takes a value out; undefined when there is none. */
  take(key: number): T | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    this.#places.delete(key)
    const value = this.#values[place]
    this.#values[place] = undefined
    this.#free.push(place)
    return value
  }

  clear(): void {
    this.#places.clear()
    this.#values.length = this.#free.length = 0
  }

  *values(): Generator<T> {
    for (const place of this.#places.values()) yield this.#values[place] as T
  }

  *[Symbol.iterator](): Generator<[key: number, value: T]> {
    for (const [key, place] of this.#places) yield [key, this.#values[place] as T]
  }
}
