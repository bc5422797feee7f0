import { Queue } from '../../queue.js'

const READY = Buffer.from('READY')

/** What a worker has said: that it can do a request, alone or together with a reply, or nothing that is known. */
type Word = { readonly reply: Buffer[] | undefined } | undefined

/** The workers that can do a request now, the one that has been ready for the longest time first. It does no IO. */
export class ReadyWorkers {
  readonly #ready = new Queue<Buffer>()
  readonly #waiters = new Queue<(worker: Buffer) => void>()

  /** Takes what came from a worker: `[worker] [''] ['READY']`, or `[worker] [''] [reply…]`. Either makes it ready. */
  hear(frames: readonly Buffer[]): Word {
    const [worker, empty, ...rest] = frames
    if (worker === undefined || empty === undefined || empty.byteLength > 0 || rest.length === 0) return undefined
    this.#add(worker)
    return { reply: rest.length === 1 && rest[0]?.equals(READY) === true ? undefined : rest }
  }

  /** Resolves with the next worker, when there is one. */
  take(): Buffer | Promise<Buffer> {
    return this.#ready.take() ?? new Promise(resolve => this.#waiters.add(resolve))
  }

  #add(worker: Buffer): void {
    const waiter = this.#waiters.take()
    if (waiter === undefined) this.#ready.add(worker)
    else waiter(worker)
  }
}
