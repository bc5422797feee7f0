import { AsyncLocalStorage } from 'node:async_hooks'
import { actorContext, defineActor, type ActorRef } from '@zera/actors'

const request = new AsyncLocalStorage<string>()
// Up to Node 22 contexts are followed from the first use on; what awaits already then belongs to no request.
request.run('at load', () => undefined)

/** Serves requests of others, each in a context that it opens itself, and sees in whose its code runs. */
export class Visited {
  readonly #context = actorContext()
  readonly #foreign: string[] = []

  /** Returns where code ran in a foreign request. */
  async visit(own: string, other: ActorRef<Visited>, chance: number): Promise<string[]> {
    this.#see('a handler')
    await Promise.resolve()
    this.#see('a handler, later')
    this.#context.after(0, () => this.#see('a timer'))
    if (chance < 0.3) request.enterWith(own)
    else await request.run(own, () => this.#passOn(own, other, chance))
    return this.#foreign.splice(0)
  }

  note(): void {
    this.#see('a message')
    request.enterWith('of a message')
  }

  async #passOn(own: string, other: ActorRef<Visited>, chance: number): Promise<void> {
    this.#context.pipe(Promise.resolve(), () => this.#see('a pipe'))
    other.tell.note()
    if (chance > 0.8)
      await other
        .ask({ timeoutMs: 100 })
        .note()
        .catch(() => undefined)
    if (request.getStore() !== own) this.#foreign.push(`${own} went on in ${request.getStore()}`)
  }

  #see(what: string): void {
    const store = request.getStore()
    if (store !== undefined) this.#foreign.push(`${what} in ${store}`)
  }
}

export default defineActor(import.meta.url, Visited)
