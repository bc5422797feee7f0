import { ChildIdTakenError } from '../../../model/errors.js'
import type { Child } from './child.js'

/** The children of one supervisor by id, in the order in which they are started. */
export class Children implements Iterable<Child> {
  readonly #path: string
  readonly #byId = new Map<string, Child>()
  readonly #numbers = new Map<string, number>()
  #lastOrder = 0

  /** @param path The path of the supervisor. */
  constructor(path: string) {
    this.#path = path
  }

  /**
   * The id for a child to come: what its spec says, or its name, or a number.
   *
   * @throws {ChildIdTakenError} When a child
   * has the id that its spec says.
   */
  takeableId(id: string | undefined, kind: string, name: string): string {
    if (id !== undefined && this.#byId.has(id)) throw new ChildIdTakenError(this.#path, id)
    if (id !== undefined) return id
    if (name !== '' && !this.#byId.has(name)) return name
    for (let number = (this.#numbers.get(kind) ?? 0) + 1; ; number++) {
      this.#numbers.set(kind, number)
      if (!this.#byId.has(`${kind}-${number}`)) return `${kind}-${number}`
    }
  }

  /** Adds one as the last, also one that is there already. */
  add(child: Child): void {
    this.delete(child)
    this.#byId.set(child.id, child)
    const order = ++this.#lastOrder
    child.order = child.crew === undefined ? order : (child.crew.order ??= order)
  }

  get(id: string): Child | undefined {
    return this.#byId.get(id)
  }

  delete(child: Child): void {
    if (this.#byId.get(child.id) === child) this.#byId.delete(child.id)
  }

  [Symbol.iterator](): IterableIterator<Child> {
    return this.#byId.values()
  }

  /** Whether another child is significant, and runs or is to run. */
  hasSignificantBeside(child: Child): boolean {
    return [...this].some(other => other !== child && other.spec.significant && other.isWanted)
  }

  /** All, last added first. A crew stands where the first of it was added, however new those are that are there now. */
  newestFirst(): Child[] {
    return [...this.#byId.values()].toReversed().toSorted((a, b) => b.order - a.order)
  }
}
