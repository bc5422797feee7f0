import type { RosterChange } from '../../messaging/services/system-service.js'
import type { Roster } from './roster.js'

/** What the main thread tells each host about groups and topics. */
export class RosterService {
  readonly #roster: Roster

  constructor(roster: Roster) {
    this.#roster = roster
  }

  apply(changes: readonly RosterChange[]): void {
    for (const change of changes) this.#roster.apply(change)
  }

  /** Applies a change, and answers when it has. */
  confirm(change: RosterChange): Promise<void> {
    this.#roster.apply(change)
    return Promise.resolve()
  }
}
