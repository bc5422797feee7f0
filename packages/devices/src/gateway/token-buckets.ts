/** How often something may happen. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number
  /** At once, after a rest. */
  readonly burst: number
}

/** The answer to a client that wants a token. */
export interface Taken {
  /** 0 when there was a token; else the milliseconds until there will be one. */
  readonly retryMs: number
  /**
   * Whether the refusal may be sent. A client that goes on asking gets no more refusals, so it cannot cause more
   * answers than its rate allows, plus a few.
   */
  readonly isTold: boolean
}

interface Bucket {
  tokens: number
  /** How many more refusals may be sent. */
  refusals: number
  filledMs: number
}

/** Refusals that may be sent at once, and how many come back in a second. */
const TOLD: Rate = { perSecond: 1, burst: 16 }
const TAKEN: Taken = { retryMs: 0, isTold: true }

/**
 * A token bucket for each of many clients: each has `burst` tokens, takes one for a request, and gets `perSecond` back.
 *
 * At most `maxClients` are remembered. Only a bucket that is full again is forgotten, which loses nothing; while none
 * is full, new clients share one bucket. So no client gains tokens by using many names, and no other client loses any.
 */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #maxClients: number
  /** The least recently seen first. */
  readonly #buckets = new Map<string, Bucket>()
  readonly #shared: Bucket

  constructor(rate: Rate, maxClients: number) {
    this.#rate = rate
    this.#maxClients = maxClients
    this.#shared = { tokens: rate.burst, refusals: TOLD.burst, filledMs: 0 }
  }

  /** How many clients it remembers. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes a token. */
  take(client: string, nowMs: number): Taken {
    const { perSecond } = this.#rate
    if (perSecond === Infinity) return TAKEN
    const bucket = this.#bucketOf(client, nowMs)
    this.#fill(bucket, nowMs)
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return TAKEN
    }
    const isTold = bucket.refusals >= 1
    if (isTold) bucket.refusals -= 1
    return { retryMs: ((1 - bucket.tokens) / perSecond) * 1000, isTold }
  }

  #bucketOf(client: string, nowMs: number): Bucket {
    const known = this.#buckets.get(client)
    if (known === undefined && this.#buckets.size >= this.#maxClients && !this.#forgetOldest(nowMs)) return this.#shared
    const bucket = known ?? { tokens: this.#rate.burst, refusals: TOLD.burst, filledMs: nowMs }
    this.#buckets.delete(client)
    this.#buckets.set(client, bucket)
    return bucket
  }

  #fill(bucket: Bucket, nowMs: number): void {
    const seconds = (nowMs - bucket.filledMs) / 1000
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + seconds * this.#rate.perSecond)
    bucket.refusals = Math.min(TOLD.burst, bucket.refusals + seconds * TOLD.perSecond)
    bucket.filledMs = nowMs
  }

  /** Forgets the one that was seen least recently, if that loses nothing. Returns whether it did. */
  #forgetOldest(nowMs: number): boolean {
    const [oldest] = this.#buckets
    if (oldest === undefined) return false
    const [client, bucket] = oldest
    this.#fill(bucket, nowMs)
    if (bucket.tokens < this.#rate.burst || bucket.refusals < TOLD.burst) return false
    return this.#buckets.delete(client)
  }
}
