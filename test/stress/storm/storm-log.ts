import type { System } from '@zera/actors'

const WRONG_EVENTS: readonly string[] = ['actor-given-up', 'host-failed']

/** What a system says of itself during a storm. */
export class StormLog {
  readonly deadLetters: Record<string, number> = {}
  readonly wrongEvents: string[] = []
  #downs = 0
  #lost = 0

  constructor({ events }: System) {
    events.on('host-down', () => (this.#downs += 1))
    events.on('messages-lost', ({ messages }) => (this.#lost += messages))
    events.on('dead-letter', ({ reason }) => (this.deadLetters[reason] = (this.deadLetters[reason] ?? 0) + 1))
    events.onAny(({ type }) => {
      if (WRONG_EVENTS.includes(type)) this.wrongEvents.push(type)
    })
  }

  /** Threads that went down. */
  get downs(): number {
    return this.#downs
  }

  get lost(): number {
    return this.#lost
  }
}
