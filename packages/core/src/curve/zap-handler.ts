import { threadId } from 'node:worker_threads'
import { AuthenticationError } from '../base/errors/errors.js'
import { throwUncaught } from '../base/errors/uncaught.js'
import { unowned } from '../base/owning/owner.js'
import { ioAccess } from '../sockets/here/io-access.js'
import type { IoClient } from '../sockets/here/io-client.js'
import { openSocket } from '../sockets/here/open-socket.js'
import {
  readZapRequest,
  splitDomain,
  writeZapReply,
  ZAP_ENDPOINT,
  type ZapRequest,
  type ZapVerdict,
} from '../sockets/messages/zap.js'
import { AddressError } from '../sockets/socket-errors.js'
import type { Sockets } from '../sockets/socket.js'
import type { AuthenticationRequest, Authenticator } from './authenticate.js'
import { ClientList } from './client-list.js'
import { encodeZ85 } from './z85.js'

/** The clients that may connect to one server, and what became of those that tried. */
interface ZapDomain {
  /** The keys that may; undefined where the authenticator alone decides. */
  readonly clients: ClientList | undefined
  /** Is asked about those whose key is on the list. */
  readonly authenticator: Authenticator | undefined
  authenticated: number
  denied: number
}

const KEY_BYTES = 32
const NOT_LISTED: ZapVerdict = { status: 400, text: 'The key is not on the list' }
const UNKNOWN: ZapVerdict = { status: 400, text: 'Not allowed' }

/** The handler of this thread, while a server here needs one. */
let current: { readonly opened: Promise<ZapHandler>; users: number } | undefined
/** Resolves when the last handler of this thread has left the place. */
let vacated: Promise<void> = Promise.resolve()
let named = 0

/** A domain that is answered for. */
export interface ServedDomain {
  /** The domain of sockets that listen: each of their connections is known by its key, and ended with its right. */
  readonly name: string
  /** Another one with the same clients, for sockets that are bound by themselves. */
  readonly directName: string
  readonly domain: ZapDomain
  /** Ends it. Close the server's socket first: no client gets in once nothing answers, since domains are enforced. */
  release(): Promise<void>
}

/**
 * Answers for a domain from now on.
 *
 * ZeroMQ knows one handler in a process. It lives in the thread whose servers need it, together with them, so it cannot
 * outlive them or they it.
 *
 * @throws {AuthenticationError} When another thread, or other code of this process, has the place.
 */
export async function serveDomain(
  clients: readonly string[] | 'any' | undefined,
  authenticator?: Authenticator,
): Promise<ServedDomain> {
  current ??= { opened: vacated.then(() => ZapHandler.open()), users: 0 }
  const mine = current
  mine.users += 1
  const leave = async (): Promise<void> => {
    mine.users -= 1
    if (mine.users > 0) return
    if (current === mine) current = undefined
    const left = mine.opened.then(handler => handler.close())
    vacated = left.catch(() => undefined)
    await left
  }
  let handler: ZapHandler
  try {
    handler = await mine.opened
  } catch (error) {
    if (current === mine) current = undefined
    throw error
  }
  named += 1
  const name = `zera-${threadId}-${named}`
  const directName = `${name}-direct`
  const list =
    clients && new ClientList(clients, ({ who, publicKeys }) => handler.client.endConnections(name, who, publicKeys))
  const domain: ZapDomain = { clients: list, authenticator, authenticated: 0, denied: 0 }
  for (const served of [name, directName]) handler.domains.set(served, domain)
  return {
    name,
    directName,
    domain,
    release: async () => {
      for (const served of [name, directName]) handler.domains.delete(served)
      await leave()
    },
  }
}

class ZapHandler {
  readonly domains = new Map<string, ZapDomain>()
  /** By which the I/O thread hears of verdicts. */
  readonly client: IoClient
  readonly #socket: Sockets['ROUTER']
  readonly #serving: Promise<void>

  private constructor(socket: Sockets['ROUTER'], client: IoClient) {
    this.client = client
    this.#socket = socket
    // When the socket is lost, nothing answers, so no client gets in.
    this.#serving = this.#serve().catch(() => undefined)
  }

  static async open(): Promise<ZapHandler> {
    const socket = await unowned(() => openSocket('ROUTER', { linger: 0, mandatory: false }))
    try {
      await socket.bind(ZAP_ENDPOINT)
    } catch (error) {
      await socket.close()
      throw error instanceof AddressError ? new AuthenticationError(error) : error
    }
    return new ZapHandler(socket, (await ioAccess()).client)
  }

  async close(): Promise<void> {
    await this.#socket.close()
    await this.#serving
  }

  async #serve(): Promise<void> {
    for await (const frames of this.#socket) {
      const request = readZapRequest(frames)
      // One that takes its time holds up no other.
      if (request !== undefined) void this.#answer(request)
    }
  }

  /** One that cannot be answered does not get in, and keeps no other out. */
  async #answer(request: ZapRequest): Promise<void> {
    try {
      const known = this.domains.get(splitDomain(request.domain).domain)
      const verdict = known === undefined ? UNKNOWN : await this.#decide(request, known)
      const isAllowed = verdict.status === 200
      const userId = verdict.status === 200 ? verdict.userId : ''
      if (known !== undefined) known[isAllowed ? 'authenticated' : 'denied'] += 1
      // It hears of it before ZeroMQ has the answer, so whose the connection is, is known before it is open.
      if (request.mechanism !== 'NULL') this.client.judged(request.domain, keyOf(request) ?? '', isAllowed, userId)
      await this.#socket.send(writeZapReply(request, verdict))
    } catch (error) {
      if (!this.#socket.isClosed) throwUncaught(error)
    }
  }

  async #decide(request: ZapRequest, { clients, authenticator }: ZapDomain): Promise<ZapVerdict> {
    const key = keyOf(request)
    const isListed = (): boolean => clients === undefined || (key !== undefined && clients.has(key))
    if (!isListed()) return NOT_LISTED
    if (authenticator === undefined) return { status: 200, userId: key ?? '', metadata: {} }
    const read = await this.#read(request)
    const verdict = read === undefined ? UNKNOWN : await authenticator.decide(read)
    // The list may have changed meanwhile.
    return isListed() ? verdict : NOT_LISTED
  }

  /** The request for the authenticator; undefined when it cannot be read. */
  async #read({
    domain,
    address,
    identity,
    mechanism,
    credentials,
  }: ZapRequest): Promise<AuthenticationRequest | undefined> {
    // Where it came in by what listens, ZeroMQ sees this process.
    const peer = await this.client.request('look up the asking client', request => ['who', request, domain])
    const common = {
      address: peer === undefined ? address : addressOf(peer),
      domain: splitDomain(domain).domain,
      identity,
    }
    const [first, second] = credentials
    if (mechanism === 'NULL') return { ...common, mechanism }
    if (mechanism === 'CURVE' && first?.length === KEY_BYTES)
      return { ...common, mechanism, publicKey: encodeZ85(first) }
    if (mechanism === 'PLAIN' && first !== undefined && second !== undefined)
      return { ...common, mechanism, username: first.toString(), password: second.toString() }
    return undefined
  }
}

/** The public key that is asked about. */
function keyOf({ mechanism, credentials: [key] }: ZapRequest): string | undefined {
  return mechanism === 'CURVE' && key?.length === KEY_BYTES ? encodeZ85(key) : undefined
}

/** As ZeroMQ gives it: without a port. */
function addressOf(peer: string): string {
  return /^tcp:\/\/\[?([^\]]*?)\]?:\d+$/.exec(peer)?.[1] ?? 'localhost'
}
