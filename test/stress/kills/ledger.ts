import { actorContext, defineActor, type ActorRef } from '@zera/actors'

/** What a ledger has to tell at any moment. */
export interface LedgerReport {
  readonly total: number
  /** Reminders that are still to come. */
  readonly pending: number
  readonly fired: number
  /** Reminders that have come twice. */
  readonly twice: number
}

/** What a journal has to tell. */
export interface JournalReport {
  /** The last number that it has. */
  readonly noted: number
  /** Numbers that did not come behind the one before them. */
  readonly wrong: number
}

/** Notes numbers, each of which has to come once, in its order. */
class Journal {
  noted = 0
  wrong = 0

  note(number: number): void {
    if (number !== this.noted + 1) this.wrong += 1
    this.noted = number
  }

  report(): JournalReport {
    return { noted: this.noted, wrong: this.wrong }
  }
}

export const journal = defineActor(import.meta.url, Journal, { durable: { state: true, mailbox: true } })

/** Adds up, tells a journal, and has a reminder for each message, which has to come once. */
class Ledger {
  readonly context = actorContext<Ledger>()
  total = 0
  pending = new Set<number>()
  fired = 0
  twice = 0

  add(to: ActorRef<{ note(number: number): void }>): number {
    this.total += 1
    to.tell.note(this.total)
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
