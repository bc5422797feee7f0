/**
 * Divides what there is of something among those who want it: nobody gets more than it leaves to the others.
 *
 * One alone gets half, and as many as there may be leave as much free as each has. So whoever comes later finds
 * something, and no number has to be chosen for each.
 */
export class FairShares {
  readonly #all: number
  readonly #taken = new Map<string, number>()
  #used = 0

  /** @param all How much there is. Infinity lets everybody have everything. */
  constructor(all: number) {
    this.#all = all
  }

  /** How much is taken, by all. */
  get used(): number {
    return this.#used
  }

  /** Takes so much more for somebody. False, and nothing is taken, when too little is left. */
  take(who: string, amount: number): boolean {
    const taken = (this.#taken.get(who) ?? 0) + amount
    if (!(taken <= this.#all - this.#used)) return false
    this.#taken.set(who, taken)
    this.#used += amount
    return true
  }

  /**
   * Takes so much in exchange for what was taken before. What is no more than that is always to be had. False, and all
   * is as it was, when too little is left.
   */
  exchange(who: string, before: number, amount: number): boolean {
    if (amount > before) return this.take(who, amount - before)
    this.give(who, before - amount)
    return true
  }

  /** Gives so much back of what was taken. */
  give(who: string, amount: number): void {
    const left = (this.#taken.get(who) ?? 0) - amount
    if (left > 0) this.#taken.set(who, left)
    else this.#taken.delete(who)
    this.#used -= amount
  }
}
