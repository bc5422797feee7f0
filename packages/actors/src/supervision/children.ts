import type { Child } from './child.js'

/** The actors that a supervisor has, by id, name and host, in the order of their start. */
export class Children {
  readonly #byId = new Map<number, Child>()
  readonly #byHost = new Map<number, Set<Child>>()
  readonly #names = new Set<string>()

  /** Takes a name for a child to come. Returns false when another has it; the empty name is for all who have none. */
  takeName(name: string): boolean {
    if (this.#names.has(name)) return false
    if (name !== '') this.#names.add(name)
    return true
  }

  freeName(name: string): void {
    this.#names.delete(name)
  }

  add(child: Child): void {
    const { id, host } = child.data
    this.#byId.set(id, child)
    const onHost = this.#byHost.get(host)
    if (onHost === undefined) this.#byHost.set(host, new Set([child]))
    else onHost.add(child)
  }

  get(id: number): Child | undefined {
    return this.#byId.get(id)
  }

  /** Removes a child and frees its name. */
  remove(child: Child): void {
    const { id, host, name } = child.data
    const onHost = this.#byHost.get(host)
    onHost?.delete(child)
    if (onHost?.size === 0) this.#byHost.delete(host)
    if (this.#byId.delete(id)) this.freeName(name)
  }

  /** How many live on a host. */
  countOn(host: number): number {
    return this.#byHost.get(host)?.size ?? 0
  }

  /** Those on one host, first started first. */
  on(host: number): Child[] {
    return [...(this.#byHost.get(host) ?? [])]
  }

  /** All, last started first. */
  newestFirst(): Child[] {
    return [...this.#byId.values()].toReversed()
  }
}
