import { CurveRequiredError } from '../base/errors/errors.js'
import { currentOwner } from '../base/owning/owner.js'
import type { ConnectionCounts } from '../sockets/connection-counts.js'
import type { ListeningLimits } from '../sockets/options/listening-limits.js'
import type { Peer } from '../sockets/peer.js'
import { isLocal } from '../sockets/reach.js'
import type { Sockets } from '../sockets/socket.js'
import { Authenticator, type AuthenticateOptions } from './authenticate.js'
import type { ClientList } from './client-list.js'
import { keyBytes, publicKeyOf, type CurveKeys } from './keys.js'
import { Listeners } from './listeners.js'
import { serveDomain, type ServedDomain } from './zap-handler.js'

/** How a server encrypts, and whom it lets in. */
export interface CurveServer {
  /**
   * The server's own keys. Clients have to know the public one.
   *
   * @see readKeys
   */
  readonly keys: CurveKeys
  /** The public keys of the clients that may connect; `'any'` lets everybody in who knows the server's public key. */
  readonly clients: readonly string[] | 'any'
  /**
   * Asked about each client whose key is on the list, too. A client of `admit` is asked about as well. Default: the
   * list alone decides.
   */
  readonly authentication?: AuthenticateOptions
}

/** What a server's socket is opened with, and what has to be given back when it was closed. */
export interface ServerSecurity {
  readonly socketOptions: {
    readonly curveServer?: boolean
    readonly curveSecretKey?: string
    readonly zapDomain?: string
    readonly zapEnforceDomain?: boolean
  }
  /**
   * For sockets that are bound by themselves, without limits: their clients are not cut off when they are no longer on
   * the list.
   */
  readonly directOptions: ServerSecurity['socketOptions']
  /**
   * Connections of clients on the list, and of others, which are 0 without CURVE; and what became of all connections of
   * what listens.
   */
  readonly counts: { readonly authenticated: number; readonly denied: number; readonly connections: ConnectionCounts }
  /**
   * Lets one more client in, until what is returned is called. With the last right of a client its connections end.
   * Without CURVE everybody is let in.
   */
  admit(publicKey: string): () => void
  /**
   * Replaces the list of clients, while the server runs. Who is no longer on it is cut off at once, and nobody else
   * notices; who was let in by `admit` stays in. Without CURVE it changes nothing.
   *
   * @throws {RangeError} When a key is none; the list is then the one it was.
   */
  setClients(clients: readonly string[] | 'any'): void
  /**
   * Binds the server's socket, which was opened with `socketOptions`, to an endpoint, with limits to what those who
   * connect make this process keep before it is received. The first call's limits hold for the socket. Each connection
   * has a routing id of this side, and what its client claims counts for nothing; where the socket has `handover` it is
   * the client's own, which outlives its connections: whoever is let in there can take another's over, and can end the
   * process by claiming one that ZeroMQ makes up.
   *
   * Connections take three descriptors each, and what travels takes one more hop each way, through the I/O thread.
   * Resolves with the endpoint as it is.
   *
   * @throws {AddressError}
   * @throws {EndpointError} When it cannot be bound.
   * @throws {RangeError} When a limit is no
   * number above 0.
   * @throws {TypeError} When the socket is no ROUTER of `openSocket`.
   */
  listen(socket: Sockets['ROUTER'], endpoint: string, limits?: ListeningLimits): Promise<string>
  /**
   * Whose messages come under a routing id, which is the first frame of each: its address, and with CURVE its key and
   * the user id that it was let in under. It says so of clients that are gone, too, for the last 1,024 of them.
   * Undefined for others, and at sockets with `handover`, where a client may claim any routing id.
   */
  peerOf(routingId: Uint8Array | string): Peer | undefined
  release(): Promise<void>
}

/**
 * Secures a server that binds to these endpoints. CURVE holds for all of them: it is a matter of the socket.
 *
 * @throws {CurveRequiredError} When one can be reached from other machines, and there are no keys.
 * @throws {RangeError} When a key is none.
 * @throws {AuthenticationError}
 */
export async function secureServer(
  action: string,
  endpoints: readonly string[],
  curve: CurveServer | 'none' | undefined,
): Promise<ServerSecurity> {
  const exposed = endpoints.find(endpoint => !isLocal(endpoint))
  if (curve === undefined && exposed !== undefined) throw new CurveRequiredError(action, exposed)
  if (curve === undefined || curve === 'none') return new OpenServer()
  const { keys, clients, authentication } = curve
  if (publicKeyOf(keys.secretKey) !== keys.publicKey)
    throw new RangeError(
      `Cannot ${action}: the public key of the server is not that of its secret key; make new ones with createKeys`,
    )
  expectKeys(clients)
  return new CurveSecurity(keys, await serveDomain(clients, authentication && new Authenticator(authentication)))
}

/** How a client reaches a CURVE server. */
export interface CurveClient {
  /** The client's own keys. The server may want the public one on its list. */
  readonly keys: CurveKeys
  /**
   * The server's public key.
   *
   * @see readPublicKey
   */
  readonly serverKey: string
}

/**
 * What a client's socket is opened with.
 *
 * @throws {RangeError} When a key is none.
 */
export function curveClient(curve: CurveClient | undefined): {
  readonly curvePublicKey?: string
  readonly curveSecretKey?: string
  readonly curveServerKey?: string
} {
  if (curve === undefined) return {}
  const { keys, serverKey } = curve
  keyBytes('public', serverKey)
  return { curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey, curveServerKey: serverKey }
}

/** A server without CURVE: everybody gets in. */
class OpenServer implements ServerSecurity {
  readonly socketOptions = {}
  readonly directOptions = {}
  readonly #listeners = new Listeners()

  get counts(): ServerSecurity['counts'] {
    return { authenticated: 0, denied: 0, connections: this.#listeners.counts }
  }

  admit(): () => void {
    return () => undefined
  }

  setClients(): void {
    // There is no list.
  }

  async listen(socket: Sockets['ROUTER'], endpoint: string, limits: ListeningLimits = {}): Promise<string> {
    return this.#listeners.listen(socket, endpoint, limits)
  }

  peerOf(routingId: Uint8Array | string): Peer | undefined {
    return this.#listeners.peerOf(routingId)
  }

  async release(): Promise<void> {
    // It holds nothing.
  }
}

class CurveSecurity implements ServerSecurity {
  readonly socketOptions: ServerSecurity['socketOptions']
  readonly directOptions: ServerSecurity['socketOptions']
  readonly #served: ServedDomain
  readonly #listeners = new Listeners()
  readonly #disown: (() => void) | undefined
  #releasing: Promise<void> | undefined

  constructor(keys: CurveKeys, served: ServedDomain) {
    this.#served = served
    this.socketOptions = {
      curveServer: true,
      curveSecretKey: keys.secretKey,
      zapDomain: served.name,
      zapEnforceDomain: true,
    }
    this.directOptions = { ...this.socketOptions, zapDomain: served.directName }
    this.#disown = currentOwner()?.own('clients of a server', () => this.release())
  }

  get counts(): ServerSecurity['counts'] {
    const { authenticated, denied } = this.#served.domain
    return { authenticated, denied, connections: this.#listeners.counts }
  }

  admit(publicKey: string): () => void {
    keyBytes('public', publicKey)
    return this.#listOf().admit(publicKey)
  }

  setClients(clients: readonly string[] | 'any'): void {
    expectKeys(clients)
    this.#listOf().replace(clients)
  }

  async listen(socket: Sockets['ROUTER'], endpoint: string, limits: ListeningLimits = {}): Promise<string> {
    return this.#listeners.listen(socket, endpoint, limits)
  }

  peerOf(routingId: Uint8Array | string): Peer | undefined {
    return this.#listeners.peerOf(routingId)
  }

  release(): Promise<void> {
    this.#disown?.()
    this.#releasing ??= this.#served.release()
    return this.#releasing
  }

  #listOf(): ClientList {
    return this.#served.domain.clients as ClientList
  }
}

function expectKeys(clients: readonly string[] | 'any'): void {
  if (clients !== 'any') for (const client of clients) keyBytes('public', client)
}
