import { cancellable, type Cancellable } from '@zera/core/internal'
import type { ToldService } from '../messaging/services/service-client.js'
import type { SystemService } from '../messaging/services/system-service.js'
import type { Address } from '../model/address.js'
import type { ActorDown } from '../model/supervision/actor-down.js'

/** The watches of one host's actors. */
export class Watching {
  readonly #host: number
  readonly #system: Pick<ToldService<SystemService>, 'watch' | 'unwatch'>
  readonly #byWatcher = new Map<number, Map<number, (down: ActorDown) => void>>()
  #last = 0

  constructor(host: number, system: Pick<ToldService<SystemService>, 'watch' | 'unwatch'>) {
    this.#host = host
    this.#system = system
  }

  /**
   * Begins a watch for an actor.
   *
   * @param tell Called once, with the target's end.
   */
  watch(watcher: number, { host, id }: Address, tell: (down: ActorDown) => void): Cancellable {
    const number = ++this.#last
    const own = this.#byWatcher.get(watcher) ?? new Map<number, (down: ActorDown) => void>()
    this.#byWatcher.set(watcher, own.set(number, tell))
    this.#system.watch({ host: this.#host, watcher, number, target: { host, id } })
    return cancellable(() => {
      if (own.delete(number)) this.#system.unwatch(watcher, number)
    })
  }

  /** A target has ended. */
  down(watcher: number, number: number, down: ActorDown): void {
    const own = this.#byWatcher.get(watcher)
    const tell = own?.get(number)
    own?.delete(number)
    tell?.(down)
  }

  /** An actor's instance has ended, and its watches with it; the main thread notices that by itself. */
  clear(watcher: number): void {
    this.#byWatcher.get(watcher)?.clear()
    this.#byWatcher.delete(watcher)
  }
}
