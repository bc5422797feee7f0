import type { RefData } from '../../model/refs/ref.js'

/** Whatever is known by its address. */
export interface Addressed {
  readonly data: RefData
}

/** All actors of a system that run or will run, by id and host, under any supervisor. */
export class Actors<T extends Addressed> {
  readonly #byId = new Map<number, T>()
  readonly #byHost = new Map<number, Set<T>>()

  /** Adds one; a second time is fine. */
  add(actor: T): void {
    const { id, host } = actor.data
    this.#byId.set(id, actor)
    const onHost = this.#byHost.get(host)
    if (onHost === undefined) this.#byHost.set(host, new Set([actor]))
    else onHost.add(actor)
  }

  get(id: number): T | undefined {
    return this.#byId.get(id)
  }

  get count(): number {
    return this.#byId.size
  }

  /** Removes one. */
  remove(actor: T): void {
    const { id, host } = actor.data
    const onHost = this.#byHost.get(host)
    onHost?.delete(actor)
    if (onHost?.size === 0) this.#byHost.delete(host)
    this.#byId.delete(id)
  }

  /** How many live on a host. */
  countOn(host: number): number {
    return this.#byHost.get(host)?.size ?? 0
  }

  /** Those on one host, first added first. */
  on(host: number): T[] {
    return [...(this.#byHost.get(host) ?? [])]
  }
}
