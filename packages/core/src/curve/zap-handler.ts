import { AuthenticationError } from '../errors.js'
import { AddressError } from '../sockets/socket-errors.js'
import { openSocket, type Sockets } from '../sockets/socket.js'
import { throwUncaught } from '../uncaught.js'
import { readZapRequest, writeZapReply, ZAP_ENDPOINT, type ZapRequest } from './zap.js'
import { encodeZ85 } from './z85.js'

/** Who may connect to one server, and what became of those who tried. */
export interface ZapDomain {
  /** Public keys in Z85 of those on the list, or all. */
  clients: ReadonlySet<string> | 'any'
  /** The keys that were admitted beside the list, and how often. */
  readonly admitted: ReadonlyMap<string, number>
  authenticated: number
  denied: number
}

/** The handler of this thread, while a server here needs one. */
let current: { readonly opened: Promise<ZapHandler>; users: number } | undefined
let named = 0

/** A domain that is answered for. */
export interface ServedDomain {
  readonly name: string
  readonly domain: ZapDomain
  /** Lets one more client in, until what is returned is called. A key that was admitted twice has to be dismissed twice. */
  admit(publicKey: string): () => void
  /** Ends it. The server's socket is closed before: nobody gets in once nobody answers, since domains are enforced. */
  release(): Promise<void>
}

/**
 * Answers for a domain from now on.
 *
 * ZeroMQ knows one handler in a process. It lives in the thread whose servers need it, together with them, so it cannot outlive them or they it.
 *
 * @throws {AuthenticationError} When another thread, or other code of this process, has the place.
 */
export async function serveDomain(clients: readonly string[] | 'any'): Promise<ServedDomain> {
  current ??= { opened: ZapHandler.open(), users: 0 }
  const mine = current
  mine.users += 1
  const leave = async (): Promise<void> => {
    mine.users -= 1
    if (mine.users > 0) return
    if (current === mine) current = undefined
    await (await mine.opened).close()
  }
  let handler: ZapHandler
  try {
    handler = await mine.opened
  } catch (error) {
    if (current === mine) current = undefined
    throw error
  }
  named += 1
  const name = `zera-${named}`
  const admitted = new Map<string, number>()
  const domain: ZapDomain = { clients: clients === 'any' ? 'any' : new Set(clients), admitted, authenticated: 0, denied: 0 }
  handler.domains.set(name, domain)
  return {
    name,
    domain,
    admit: publicKey => admit(admitted, publicKey),
    release: async () => {
      handler.domains.delete(name)
      await leave()
    },
  }
}

function admit(admitted: Map<string, number>, publicKey: string): () => void {
  admitted.set(publicKey, (admitted.get(publicKey) ?? 0) + 1)
  let isIn = true
  return () => {
    if (!isIn) return
    isIn = false
    const left = (admitted.get(publicKey) ?? 1) - 1
    if (left === 0) admitted.delete(publicKey)
    else admitted.set(publicKey, left)
  }
}

class ZapHandler {
  readonly domains = new Map<string, ZapDomain>()
  readonly #socket: Sockets['ROUTER']
  readonly #serving: Promise<void>

  private constructor(socket: Sockets['ROUTER']) {
    this.#socket = socket
    // When the socket is lost nobody answers, and so nobody gets in.
    this.#serving = this.#serve().catch(() => undefined)
  }

  static async open(): Promise<ZapHandler> {
    const socket = await openSocket('ROUTER', { linger: 0, mandatory: false })
    try {
      await socket.bind(ZAP_ENDPOINT)
    } catch (error) {
      await socket.close()
      throw error instanceof AddressError ? new AuthenticationError(error) : error
    }
    return new ZapHandler(socket)
  }

  async close(): Promise<void> {
    await this.#socket.close()
    await this.#serving
  }

  async #serve(): Promise<void> {
    for await (const frames of this.#socket) {
      const request = readZapRequest(frames)
      if (request !== undefined) await this.#answer(request)
    }
  }

  /** One that cannot be answered does not get in, and keeps no other out. */
  async #answer(request: ZapRequest): Promise<void> {
    try {
      await this.#socket.send(writeZapReply(request, this.#decide(request)))
    } catch (error) {
      if (!this.#socket.isClosed) throwUncaught(error)
    }
  }

  #decide({ domain: name, mechanism, credentials: [key] }: ZapRequest): string | undefined {
    const domain = this.domains.get(name)
    if (domain === undefined || mechanism !== 'CURVE' || key?.length !== 32) return undefined
    const userId = encodeZ85(key)
    const isAllowed = domain.clients === 'any' || domain.clients.has(userId) || domain.admitted.has(userId)
    if (isAllowed) domain.authenticated += 1
    else domain.denied += 1
    return isAllowed ? userId : undefined
  }
}
