/**
 * Divides a resource fairly: no client gets more than it leaves to the others.
 *
 * A single client gets half. However many there are, they leave as much free as each of them has. So a latecomer always
 * finds something, and no limit per client is needed.
 */
export class FairShares {
  readonly #all: number
  readonly #taken = new Map<string, number>()
  #used = 0

  /** @param all How much there is. With Infinity there is no limit. */
  constructor(all: number) {
    this.#all = all
  }

  /** How much is taken, by all. */
  get used(): number {
    return this.#used
  }

  /** Takes an amount for a client. Returns false, and takes nothing, when too little is left. */
  take(who: string, amount: number): boolean {
    const taken = (this.#taken.get(who) ?? 0) + amount
    if (!(taken <= this.#all - this.#used)) return false
    this.#taken.set(who, taken)
    this.#used += amount
    return true
  }

  /**
   * Replaces an amount taken before by another. An amount that is not larger always succeeds. Returns false, and
   * changes nothing, when too little is left.
   */
  exchange(who: string, before: number, amount: number): boolean {
    if (amount > before) return this.take(who, amount - before)
    this.give(who, before - amount)
    return true
  }

  /** Gives back an amount that was taken. */
  give(who: string, amount: number): void {
    const left = (this.#taken.get(who) ?? 0) - amount
    if (left > 0) this.#taken.set(who, left)
    else this.#taken.delete(who)
    this.#used -= amount
  }
}
