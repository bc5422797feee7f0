import type { Cancellable, Clock } from '@zera/core/internal'
import { envelopeOf, NOBODY, type Envelope, type Origin } from '../../messaging/envelope.js'
import { readArgs } from '../../model/durability/kept-state.js'
import type { Reminder, ReminderChange } from '../../model/durability/store.js'

/** How often a reminder may take its thread along before it is given up. */
const MOST_TRIES = 3

/** What reminders need from the state that they belong to. */
export interface RemindersOwner {
  readonly clock: Clock
  /** The id of the actor. */
  readonly id: number
  /** Whether a reminder is changed by what is not kept yet. */
  isChanging(id: string): boolean
  /** Puts a change into the next commit, and runs something when that is done. */
  change(change: ReminderChange, then: () => void): void
  deliver(envelope: Envelope): void
  /** A reminder is given up. */
  deadLetter(envelope: Envelope): void
}

/**
 * The reminders of one actor. Each comes once when its time has come, also when that was while the process was away; it
 * is over by the commit of what it has done.
 */
export class Reminders {
  readonly #owner: RemindersOwner
  /** As they are kept. */
  #kept = new Map<string, Reminder>()
  readonly #timers = new Map<string, Cancellable>()
  /** Those whose time has come, and of which that is not kept yet. */
  readonly #coming = new Set<string>()
  /** Those in the mailbox, or handled and not kept yet. */
  readonly #delivered = new Map<Envelope, Reminder>()
  readonly #origin: Origin
  #areArmed = false

  constructor(owner: RemindersOwner) {
    this.#owner = owner
    this.#origin = {
      ...NOBODY,
      begin: envelope => this.#isWanted(envelope),
      finish: envelope => this.#finished(envelope),
    }
  }

  /** How many are to come. */
  get size(): number {
    return this.#kept.size
  }

  /** What is kept now. They come from `arm` on. */
  load(reminders: readonly Reminder[]): void {
    this.disarm()
    this.#kept = new Map(reminders.map(reminder => [reminder.id, reminder]))
  }

  /** Lets them come. */
  arm(): void {
    this.#areArmed = true
    for (const reminder of this.#kept.values()) this.#wait(reminder)
  }

  /** None comes any more. */
  disarm(): void {
    this.#areArmed = false
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    this.#coming.clear()
  }

  /** Changes are kept. */
  apply(changes: readonly ReminderChange[]): void {
    for (const { id, reminder } of changes) {
      this.#timers.get(id)?.cancel()
      this.#timers.delete(id)
      if (reminder === undefined) this.#kept.delete(id)
      else {
        this.#kept.set(id, reminder)
        if (this.#areArmed) this.#wait(reminder)
      }
    }
  }

  /** Whether a message is one. */
  has(envelope: Envelope): boolean {
    return this.#delivered.has(envelope)
  }

  /** Identifies one that has come; undefined when a message is none. */
  idOf(envelope: Envelope): string | undefined {
    const reminder = this.#delivered.get(envelope)
    return reminder && `${reminder.id}/${reminder.dueMs}`
  }

  /** Whether one comes in the same steps with the same message. */
  hasAlike({ id, method, args, everyMs }: Reminder): boolean {
    const kept = this.#kept.get(id)
    return kept !== undefined && kept.method === method && kept.args === args && kept.everyMs === everyMs
  }

  /** What the handling of a message changes; undefined when it is no reminder, or another has taken its place. */
  after(envelope: Envelope): ReminderChange | undefined {
    const reminder = this.#delivered.get(envelope)
    if (reminder === undefined || !this.#isCurrent(reminder)) return undefined
    return { id: reminder.id, reminder: this.#next(reminder) }
  }

  /** Whether it was neither forgotten nor replaced since it came. */
  #isWanted(envelope: Envelope): boolean {
    const reminder = this.#delivered.get(envelope)
    return reminder !== undefined && this.#isCurrent(reminder) && !this.#owner.isChanging(reminder.id)
  }

  #isCurrent(reminder: Reminder): boolean {
    const kept = this.#kept.get(reminder.id)
    return kept !== undefined && isSame(kept, reminder)
  }

  #next(reminder: Reminder): Reminder | undefined {
    const { dueMs, everyMs } = reminder
    if (everyMs === undefined) return undefined
    const missed = Math.max(0, Math.floor((this.#owner.clock.epochMs() - dueMs) / everyMs))
    return { ...reminder, dueMs: dueMs + (missed + 1) * everyMs, tries: 0 }
  }

  #wait(reminder: Reminder): void {
    const { id, dueMs } = reminder
    if (this.#timers.has(id) || this.#coming.has(id) || this.#isDelivered(id)) return
    const { clock } = this.#owner
    const timer = clock.after(Math.max(0, dueMs - clock.epochMs()), () => {
      this.#timers.delete(id)
      this.#come(reminder)
    })
    this.#timers.set(id, timer)
  }

  /** That it comes is kept first: a handler that takes its thread along must not do so for ever. */
  #come(reminder: Reminder): void {
    const { id, tries } = reminder
    // What a message has just made of it counts, and is waited for when it is kept.
    if (this.#owner.isChanging(id)) return
    if (tries >= MOST_TRIES) {
      const envelope = this.#envelope(reminder)
      this.#owner.change({ id, reminder: this.#next(reminder) }, () => this.#owner.deadLetter(envelope))
      return
    }
    const tried = { ...reminder, tries: tries + 1 }
    const envelope = this.#envelope(tried)
    this.#coming.add(id)
    this.#owner.change({ id, reminder: tried }, () => {
      this.#coming.delete(id)
      this.#delivered.set(envelope, tried)
      this.#owner.deliver(envelope)
    })
  }

  #envelope({ method, args }: Reminder): Envelope {
    return envelopeOf({ kind: 'tell', to: this.#owner.id, method, args: readArgs(args), origin: this.#origin })
  }

  #isDelivered(id: string): boolean {
    return [...this.#delivered.values()].some(reminder => reminder.id === id)
  }

  #finished(envelope: Envelope): void {
    const reminder = this.#delivered.get(envelope)
    this.#delivered.delete(envelope)
    const kept = reminder && this.#kept.get(reminder.id)
    if (kept !== undefined && this.#areArmed) this.#wait(kept)
  }
}

/** What was read anew is another object. */
function isSame(one: Reminder, other: Reminder): boolean {
  return (
    one.dueMs === other.dueMs && one.tries === other.tries && one.method === other.method && one.args === other.args
  )
}
