/** The clients whose connections are no longer wanted, by public key: these, or all but these. */
export interface Dismissed {
  readonly who: 'these' | 'others'
  readonly publicKeys: readonly string[]
}

/** The clients that may connect to a server: those on its list, or all, and those that were admitted temporarily. */
export class ClientList {
  #clients: ReadonlySet<string> | 'any'
  /** The keys that were admitted in addition to the list, and how often. */
  readonly #admitted = new Map<string, number>()
  readonly #dismissed: (dismissed: Dismissed) => void

  /** @param dismissed Called at once with the clients that are no longer let in. */
  constructor(clients: readonly string[] | 'any', dismissed: (dismissed: Dismissed) => void) {
    this.#clients = setOf(clients)
    this.#dismissed = dismissed
  }

  has(publicKey: string): boolean {
    return this.#clients === 'any' || this.#clients.has(publicKey) || this.#admitted.has(publicKey)
  }

  replace(clients: readonly string[] | 'any'): void {
    const before = this.#clients
    this.#clients = setOf(clients)
    if (this.#clients === 'any') return
    if (before === 'any') {
      this.#dismissed({ who: 'others', publicKeys: [...this.#clients, ...this.#admitted.keys()] })
      return
    }
    const publicKeys = [...before].filter(key => !this.has(key))
    if (publicKeys.length > 0) this.#dismissed({ who: 'these', publicKeys })
  }

  /**
   * Lets one more client in, until you call the returned function. A key that was admitted twice has to be dismissed
   * twice.
   */
  admit(publicKey: string): () => void {
    this.#admitted.set(publicKey, (this.#admitted.get(publicKey) ?? 0) + 1)
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      const left = (this.#admitted.get(publicKey) ?? 1) - 1
      if (left > 0) {
        this.#admitted.set(publicKey, left)
        return
      }
      this.#admitted.delete(publicKey)
      if (!this.has(publicKey)) this.#dismissed({ who: 'these', publicKeys: [publicKey] })
    }
  }
}

function setOf(clients: readonly string[] | 'any'): ReadonlySet<string> | 'any' {
  return clients === 'any' ? 'any' : new Set(clients)
}
