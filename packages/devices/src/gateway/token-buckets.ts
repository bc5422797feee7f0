/** How often something may happen. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number
  /** At once, after a rest. */
  readonly burst: number
}

interface Bucket {
  tokens: number
  filledMs: number
}

/**
 * A token bucket for each of many clients: each has `burst` tokens, takes one for a request, and gets `perSecond` back.
 *
 * At most `maxClients` are remembered; then the one that was seen least recently is forgotten, which gives it a full bucket when it comes again.
 */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #maxClients: number
  /** The least recently seen first. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: Rate, maxClients: number) {
    this.#rate = rate
    this.#maxClients = maxClients
  }

  /** How many clients it remembers. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes a token. Returns 0 when there was one, or the milliseconds until there will be one. */
  take(client: string, nowMs: number): number {
    const { perSecond, burst } = this.#rate
    const bucket = this.#buckets.get(client) ?? { tokens: burst, filledMs: nowMs }
    this.#buckets.delete(client)
    this.#buckets.set(client, bucket)
    if (this.#buckets.size > this.#maxClients) this.#forgetOldest()
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * perSecond)
    bucket.filledMs = nowMs
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / perSecond) * 1000
    bucket.tokens -= 1
    return 0
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys()
    this.#buckets.delete(oldest as string)
  }
}
