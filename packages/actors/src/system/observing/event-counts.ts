import type { DeadLetterReason } from '../../model/events/dead-letter.js'
import type { EventStream } from '../../model/events/events.js'
import type { CountedLetters, CountedRestarts } from '../../model/observing/observed-system.js'

/** Definitions that are counted by themselves. A program has as many as its code; others count as none. */
const MOST_DEFINITIONS = 256

/** How often what has happened, by definition, since the start of the system. */
export class EventCounts {
  readonly #letters = new Map<string, Map<DeadLetterReason, number>>()
  readonly #restarts = new Map<string, number>()

  constructor(events: EventStream) {
    events.on('dead-letter', ({ target, reason }) => {
      const definition = keyIn(this.#letters, target.definition)
      const counts = this.#letters.get(definition) ?? new Map<DeadLetterReason, number>()
      this.#letters.set(definition, counts.set(reason, (counts.get(reason) ?? 0) + 1))
    })
    events.on('actor-restarted', ({ actor }) => {
      const definition = keyIn(this.#restarts, actor.definition)
      // Those without one are what is left of all.
      if (definition !== '') this.#restarts.set(definition, (this.#restarts.get(definition) ?? 0) + 1)
    })
  }

  get letters(): readonly CountedLetters[] {
    return Array.from(this.#letters).flatMap(([definition, counts]) =>
      Array.from(counts, ([reason, count]) => ({ definition, reason, count })),
    )
  }

  /** @param total All restarts: those of services and supervisors, and those in vain, have no definition. */
  restarts(total: number): readonly CountedRestarts[] {
    const known = Array.from(this.#restarts, ([definition, count]) => ({ definition, count }))
    const others = known.reduce((left, { count }) => left - count, total)
    return [...known, { definition: '', count: others }]
  }
}

function keyIn(counted: ReadonlyMap<string, unknown>, definition = ''): string {
  return counted.has(definition) || counted.size < MOST_DEFINITIONS ? definition : ''
}
