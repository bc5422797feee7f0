import { actorContext, defineActor } from '@zera/actors'

/** What a ledger has to tell at any moment. */
export interface LedgerReport {
  readonly total: number
  /** Reminders that are still to come. */
  readonly pending: number
  readonly fired: number
  /** Reminders that have come twice. */
  readonly twice: number
}

/** Adds up, and has a reminder for each message, which has to come once. */
class Ledger {
  readonly context = actorContext<Ledger>()
  total = 0
  pending = new Set<number>()
  fired = 0
  twice = 0

  add(): number {
    this.total += 1
    this.pending.add(this.total)
    this.context.remind('fire', { at: new Date(Date.now() + (this.total % 40)) }, this.total)
    return this.total
  }

  fire(number: number): void {
    if (this.pending.delete(number)) this.fired += 1
    else this.twice += 1
  }

  report(): LedgerReport {
    return { total: this.total, pending: this.pending.size, fired: this.fired, twice: this.twice }
  }
}

export default defineActor(import.meta.url, Ledger, { durable: true })
