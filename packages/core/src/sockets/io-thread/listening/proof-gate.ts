/** A connection that waits until its proof may go to ZeroMQ. */
export interface Prover {
  /** The address of its client. */
  readonly peer: string
  /** It is its turn: from now on it keeps its connection to ZeroMQ until it hears the verdict, or ZeroMQ ends it. */
  prove(): void
  /** ZeroMQ has asked for its key, and was answered. */
  judged(publicKey: string, isAllowed: boolean, userId: string): void
}

/**
 * Lets the proofs of clients to ZeroMQ one at a time, for all connections of a domain.
 *
 * ZeroMQ asks for a key without a word about the connection that it is of. A proof either makes it ask, or end the
 * connection; so with one on its way it is known whose key is asked for.
 */
export class ProofGate {
  readonly #waiting = new Set<Prover>()
  #current: Prover | undefined

  /** Whose proof is on its way. */
  get current(): Prover | undefined {
    return this.#current
  }

  enter(prover: Prover): void {
    this.#waiting.add(prover)
    this.#next()
  }

  /** It has gone: while it waited, or ended by ZeroMQ. */
  leave(prover: Prover): void {
    this.#waiting.delete(prover)
    if (this.#current !== prover) return
    this.#current = undefined
    this.#next()
  }

  judged(publicKey: string, isAllowed: boolean, userId: string): void {
    const prover = this.#current
    this.#current = undefined
    prover?.judged(publicKey, isAllowed, userId)
    this.#next()
  }

  #next(): void {
    if (this.#current !== undefined) return
    for (const prover of this.#waiting) {
      this.#waiting.delete(prover)
      this.#current = prover
      prover.prove()
      return
    }
  }
}
