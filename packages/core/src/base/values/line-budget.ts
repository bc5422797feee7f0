/** How many lines are written in a span of time. */
export interface LineLimits {
  /** Of one kind. */
  readonly perKind: number
  /** Of all kinds together. */
  readonly perSpan: number
  readonly spanMs: number
}

/** The number of kinds that have accounts of their own. All others share one account, as one kind. */
const MAX_KINDS = 1000
const OTHERS = 'others'

interface Account {
  since: number
  written: number
  leftOut: number
}

/**
 * Decides which lines are written where any number may be wanted: so many of each kind in a span, so many in all, and
 * the others are counted. It does no IO and has no clock.
 */
export class LineBudget {
  readonly #limits: LineLimits
  readonly #kinds = new Map<string, Account>()
  readonly #all: Account = { since: -Infinity, written: 0, leftOut: 0 }

  constructor(limits: LineLimits) {
    this.#limits = limits
  }

  /**
   * Takes one line of a kind. Returns how many of that kind were left out since the last that was written, or undefined
   * when this one is left out, too.
   */
  take(kind: string, nowMs: number): number | undefined {
    const account = this.#accountOf(kind, nowMs)
    this.#renew(account, nowMs)
    this.#renew(this.#all, nowMs)
    if (account.written >= this.#limits.perKind || this.#all.written >= this.#limits.perSpan) {
      account.leftOut += 1
      return undefined
    }
    account.written += 1
    this.#all.written += 1
    const { leftOut } = account
    account.leftOut = 0
    return leftOut
  }

  /** Forgets what is left out, and returns it by kind. */
  takeLeftOut(): [kind: string, leftOut: number][] {
    const all: [string, number][] = []
    for (const [kind, account] of this.#kinds) {
      if (account.leftOut > 0) all.push([kind, account.leftOut])
      account.leftOut = 0
    }
    return all
  }

  #accountOf(kind: string, nowMs: number): Account {
    const known = this.#kinds.get(kind)
    if (known !== undefined) return known
    if (this.#kinds.size >= MAX_KINDS) this.#forgetOld(nowMs)
    const isShared = this.#kinds.size >= MAX_KINDS
    const account = (isShared ? this.#kinds.get(OTHERS) : undefined) ?? { since: nowMs, written: 0, leftOut: 0 }
    this.#kinds.set(isShared ? OTHERS : kind, account)
    return account
  }

  #renew(account: Account, nowMs: number): void {
    if (nowMs - account.since < this.#limits.spanMs) return
    account.since = nowMs
    account.written = 0
  }

  /** An account whose span is over and that has left nothing out is forgotten. */
  #forgetOld(nowMs: number): void {
    for (const [kind, { since, leftOut }] of this.#kinds)
      if (leftOut === 0 && nowMs - since >= this.#limits.spanMs) this.#kinds.delete(kind)
  }
}
