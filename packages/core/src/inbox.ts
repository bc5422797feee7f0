import type { Ledger } from './ledger.js'
import type { LinkReceiver } from './link-receiver.js'

/** What a thread gets from one peer, counted against the peer's ledger. It does no IO. */
export class Inbox {
  #ledger: Ledger | undefined
  #frames = 0
  #received = 0

  /** Gives the inbox the account of its link, without which nothing arrives. */
  open(ledger: Ledger): void {
    this.#ledger = ledger
  }

  /** Whether a frame of the peer waits to be received. */
  get hasFrames(): boolean {
    return this.#ledger !== undefined && this.#ledger.frames !== this.#frames
  }

  /** Messages that have arrived. */
  get received(): number {
    return this.#received
  }

  /** Messages that the peer has accepted for this side and that never arrived here. */
  get missing(): number {
    return this.#ledger === undefined ? 0 : (this.#ledger.accepted - this.#received) | 0
  }

  /** Counts a frame as received. */
  countFrame(): void {
    this.#frames = (this.#frames + 1) | 0
  }

  /** Passes on the messages of a frame `[slot, body, slot, body, …]`. One that throws does not keep the others back. */
  pass(batch: readonly unknown[], receiver: LinkReceiver): void {
    this.#received += batch.length / 2
    for (let at = 0; at < batch.length; at += 2) {
      try {
        receiver.message(batch[at + 1], batch[at] as number)
      } catch (error) {
        throwUncaught(error)
      }
    }
  }

  /** Marks a message as begun. */
  begin(slot: number): void {
    this.#ledger?.begin(slot)
  }

  /** Marks a message as handled. Returns whether the peer waits to be rung for it. */
  finish(slot: number): boolean {
    const ledger = this.#ledger
    if (ledger === undefined) return false
    ledger.finish(slot)
    const wish = ledger.wished
    return wish === 'at-each' || (wish === 'when-all-are' && ledger.handled === (this.#received | 0))
  }
}

/** An error of a receiver belongs to nobody who waits. It must not stop the reactor, on which all other links depend. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
