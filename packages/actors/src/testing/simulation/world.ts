import type { Random } from '../../model/time/random.js'
import { Agenda } from './agenda.js'
import type { Lane } from './simulated-link.js'

/**
 * The time and the randomness of one simulation. They decide all that happens in it, so the same seed gives the same
 * run.
 */
export class World {
  readonly agenda = new Agenda()
  readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  /** Some time between nothing and a limit. */
  someMs(atMostMs: number): number {
    return this.random.next() * atMostMs
  }

  /** A lane for events that take some time each, and do not overtake each other. */
  createLane(atMostMs: number | (() => number)): Lane {
    let lastMs = 0
    return run => {
      lastMs = Math.max(lastMs, this.agenda.nowMs + this.someMs(typeof atMostMs === 'number' ? atMostMs : atMostMs()))
      this.agenda.addAt(lastMs, run)
    }
  }
}
