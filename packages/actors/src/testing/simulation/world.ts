import type { Random } from '../../model/time/random.js'
import { Agenda } from './agenda.js'
import type { Lane } from './simulated-link.js'

/** Time and chance of one simulation: all that happens in it happens by them, so the same seed makes the same happen. */
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

  /** A way for things that take some time each, and do not overtake each other. */
  createLane(atMostMs: number | (() => number)): Lane {
    let lastMs = 0
    return run => {
      lastMs = Math.max(lastMs, this.agenda.nowMs + this.someMs(typeof atMostMs === 'number' ? atMostMs : atMostMs()))
      this.agenda.addAt(lastMs, run)
    }
  }
}
