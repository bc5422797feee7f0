import type { RefData } from '../../model/refs/ref.js'

/** Whatever is known by its address. */
export interface Addressed {
  readonly data: RefData
}

/** All actors of a system that run or will run, by id and host, under any supervisor. */
export class Actors<T extends Addressed> {
  readonly #byId = new Map<number, T>()
  readonly #byHost = new Map<number, Set<T>>()
  /** Those that are being stopped, or were, and may be started again. */
  readonly #leaving = new Map<number, T>()

  /** Adds one; a second time is fine. */
  add(actor: T): void {
    const { id, host } = actor.data
    this.#leaving.delete(id)
    this.#byId.set(id, actor)
    const onHost = this.#byHost.get(host)
    if (onHost === undefined) this.#byHost.set(host, new Set([actor]))
    else onHost.add(actor)
  }

  get(id: number): T | undefined {
    return this.#byId.get(id)
  }

  /** Also finds one that leaves. */
  find(id: number): T | undefined {
    return this.#byId.get(id) ?? this.#leaving.get(id)
  }

  get count(): number {
    return this.#byId.size
  }

  /** Removes one that is being stopped: it is found until it is removed for good. */
  leave(actor: T): void {
    this.remove(actor)
    this.#leaving.set(actor.data.id, actor)
  }

  /** Removes one for good. */
  remove(actor: T): void {
    const { id, host } = actor.data
    this.#leaving.delete(id)
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
