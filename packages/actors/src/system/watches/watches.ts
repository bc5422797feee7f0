import { onAbort } from '@zera/core/internal'
import type { WatchOrder } from '../../messaging/services/system-service.js'
import type { Address } from '../../model/address.js'
import type { ActorDown } from '../../model/supervision/actor-down.js'
import type { Guardians } from '../hosts/guardians.js'

/** An actor or program that wants to know of an actor's end. */
export interface Watcher {
  readonly target: Address
  /** The id of the actor that watches; undefined for the program. */
  readonly watcher: number | undefined
  /** Its number among those of that actor. */
  readonly number?: number
  tell(down: ActorDown): void
}

/**
 * The watches of a system. Each watch ends with the first end of its target, which it reports once, or with the end of
 * its watcher.
 */
export class Watches {
  readonly #isThere: (id: number) => boolean
  readonly #guardians: Pick<Guardians, 'actorDown'>
  readonly #byTarget = new Map<number, Set<Watcher>>()
  readonly #byWatcher = new Map<number, Set<Watcher>>()

  /**
   * @param isThere Whether an actor runs or will run again.
   * @param guardians Tell the actors that watch.
   */
  constructor(isThere: (id: number) => boolean, guardians: Pick<Guardians, 'actorDown'>) {
    this.#isThere = isThere
    this.#guardians = guardians
  }

  /** How many there are. */
  get size(): number {
    return [...this.#byTarget.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Begins a watch. When the target is gone already, it reports that at once. */
  add(watcher: Watcher): void {
    const { target } = watcher
    if (!this.#isThere(target.id)) {
      watcher.tell({ target, reason: 'gone', error: undefined, method: undefined })
      return
    }
    addTo(this.#byTarget, target.id, watcher)
    if (watcher.watcher !== undefined) addTo(this.#byWatcher, watcher.watcher, watcher)
  }

  /** Watches for an actor on some host. */
  watch({ host, watcher, number, target }: WatchOrder): void {
    this.add({ target, watcher, number, tell: down => this.#guardians.actorDown(host, watcher, number, down) })
  }

  /** An actor ends its watch of another. */
  unwatch(watcher: number, number: number): void {
    for (const own of this.#byWatcher.get(watcher) ?? []) if (own.number === number) this.remove(own)
  }

  /** Watches for the program. Rejects with the signal's reason when that aborts first. */
  next(target: Address, signal: AbortSignal | undefined): Promise<ActorDown> {
    return new Promise((resolve, reject) => {
      const tell = (down: ActorDown): void => {
        forget()
        resolve(down)
      }
      const watcher: Watcher = { target, watcher: undefined, tell }
      const forget = onAbort(signal, () => {
        this.remove(watcher)
        reject(signal?.reason as Error)
      })
      this.add(watcher)
    })
  }

  /** Ends a watch that is no longer needed. */
  remove(watcher: Watcher): void {
    removeFrom(this.#byTarget, watcher.target.id, watcher)
    if (watcher.watcher !== undefined) removeFrom(this.#byWatcher, watcher.watcher, watcher)
  }

  /** Ends all that an actor watches. */
  forgetWatcher(id: number): void {
    for (const own of this.#byWatcher.get(id) ?? []) this.remove(own)
  }

  /** An actor has ended: notifies its watchers, and ends its own watches. */
  ended(down: ActorDown): void {
    const { id } = down.target
    this.forgetWatcher(id)
    for (const watcher of this.#byTarget.get(id) ?? []) {
      this.remove(watcher)
      watcher.tell(down)
    }
  }
}

function addTo(watchers: Map<number, Set<Watcher>>, id: number, watcher: Watcher): void {
  const some = watchers.get(id)
  if (some === undefined) watchers.set(id, new Set([watcher]))
  else some.add(watcher)
}

function removeFrom(watchers: Map<number, Set<Watcher>>, id: number, watcher: Watcher): void {
  const some = watchers.get(id)
  if (some?.delete(watcher) === true && some.size === 0) watchers.delete(id)
}
