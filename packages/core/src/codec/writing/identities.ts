// Up to here, looking through a list is faster than hashing.
const MAX_LISTED = 12

/** Numbers objects in the order in which they are met. */
export class Identities {
  readonly #met: object[] = []
  // What was met, once it is too much to look through.
  #members: Set<object> | undefined
  // The numbers, once something was met twice.
  #ordinals: Map<object, number> | undefined

  get size(): number {
    return this.#met.length
  }

  /** The number of an object that was met before; otherwise undefined, and it is met from now on. */
  meet(value: object): number | undefined {
    if (!this.#isNew(value)) return this.#ordinal(value)
    this.#ordinals?.set(value, this.#met.length)
    this.#met.push(value)
    return undefined
  }

  /** Forgets all objects. */
  forgetAll(): void {
    if (this.#members !== undefined) this.forgetFrom(0)
    // Setting its length to 0 would be a call into V8, and free its memory.
    else while (this.#met.length > 0) this.#met.pop()
    this.#members = undefined
    this.#ordinals = undefined
  }

  /** Forgets all but the first objects. */
  forgetFrom(size: number): void {
    for (const value of this.#met.splice(size)) {
      this.#members?.delete(value)
      this.#ordinals?.delete(value)
    }
  }

  /** Whether an object is met for the first time; it becomes a member with that one look-up. */
  #isNew(value: object): boolean {
    const met = this.#met
    if (met.length >= MAX_LISTED) {
      this.#members ??= new Set(met)
      return this.#members.size !== this.#members.add(value).size
    }
    for (let i = 0; i < met.length; i++) if (met[i] === value) return false
    return true
  }

  #ordinal(value: object): number | undefined {
    this.#ordinals ??= new Map(this.#met.map((met, i) => [met, i]))
    return this.#ordinals.get(value)
  }
}
