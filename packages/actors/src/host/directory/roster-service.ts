import type { Roster, RosterChange } from './roster.js'

/** The id of what keeps the roster of each host. */
export const ROSTER = 3

/** What the main thread tells each host of groups and topics. */
export class RosterService {
  readonly #roster: Roster

  constructor(roster: Roster) {
    this.#roster = roster
  }

  apply(changes: readonly RosterChange[]): void {
    for (const change of changes) this.#roster.apply(change)
  }
}
