import { defineActor } from '@zera/actors'
import type { SmallMessage } from '../peers/peer.js'
import type { Tally } from '../runs/delivery-error.js'

/** Counts its messages, in fields that are kept. */
export class KeptTallier {
  count = 0
  sum = 0

  take({ id }: SmallMessage): void {
    this.count += 1
    this.sum += id
  }

  /** What has come since the last time. */
  tally(): Tally {
    const tally = { count: this.count, sum: this.sum }
    this.count = this.sum = 0
    return tally
  }
}

/** What it is asked is answered when its state is kept. */
export const keptTallier = defineActor(import.meta.url, KeptTallier, { name: 'KeptTallier', durable: true })

/** What it is told is kept, too. */
export const keptMailTallier = defineActor(import.meta.url, KeptTallier, {
  name: 'KeptMailTallier',
  durable: { state: true, mailbox: true },
})
