import { createKeys, secureServer, type RemoteDoorOptions, type ServerSecurity } from '@zera/core/internal'
import type { Door } from '../../platform/platform.js'

/**
 * The peers that may connect to one thread of a node. Its keys and its list are its own: the keys of the node do not
 * lie in the memory of a thread that runs user code, and a peer that is admitted for a link with this thread gets
 * nowhere else.
 *
 * It lives in the node's main thread; the thread opens the socket.
 */
export class LentDoor implements Door {
  /** What the thread gets. */
  readonly options: RemoteDoorOptions
  /** What others have to know to connect; undefined where nothing is encrypted. */
  readonly publicKey: string | undefined
  readonly #security: ServerSecurity
  readonly #admitted = new Map<number, () => void>()
  #released: Promise<void> | undefined

  private constructor(endpoint: string, security: ServerSecurity, publicKey: string | undefined) {
    this.options = { endpoint, security: security.socketOptions }
    this.publicKey = publicKey
    this.#security = security
  }

  /** Lets no peer in yet. Without encryption, it admits every peer that has the token of a link. */
  static async open(endpoint: string, isEncrypted: boolean): Promise<LentDoor> {
    const keys = isEncrypted ? createKeys() : undefined
    const security = await secureServer(
      'lend a thread',
      [endpoint],
      keys === undefined ? 'none' : { keys, clients: [] },
    )
    return new LentDoor(endpoint, security, keys?.publicKey)
  }

  admit(link: number, publicKey: string): void {
    if (!this.#admitted.has(link)) this.#admitted.set(link, this.#security.admit(publicKey))
  }

  /** For how many links a peer is admitted. */
  get links(): number {
    return this.#admitted.size
  }

  dismiss(link: number): void {
    this.#admitted.get(link)?.()
    this.#admitted.delete(link)
  }

  /** Closes the door: the thread ends, or has ended. Calling it twice is harmless. */
  release(): Promise<void> {
    this.#released ??= this.#security.release()
    return this.#released
  }
}
