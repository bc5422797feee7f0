import { CurveRequiredError, NoClientListError } from '../base/errors/errors.js'
import { currentOwner } from '../base/owning/owner.js'
import { expectOptions, optionNames } from '../base/values/options/known-options.js'
import type { ConnectionCounts } from '../sockets/connection-counts.js'
import type { ListeningLimits } from '../sockets/options/listening-limits.js'
import type { Peer } from '../sockets/peer.js'
import { isLocal } from '../sockets/reach.js'
import type { Sockets } from '../sockets/socket.js'
import { Authenticator, type AuthenticateOptions } from './authenticate.js'
import type { ClientList } from './client-list.js'
import { expectKeyPair, keyBytes, publicKeyOf, type CurveKeys } from './keys.js'
import { ListeningServer } from './listening-server.js'
import { serveDomain, type ServedDomain } from './zap-handler.js'

/** How a server encrypts, and which clients it lets in. */
export interface CurveServer {
  /**
   * The server's own keys. Clients have to know the public one.
   *
   * @see readKeys
   */
  readonly keys: CurveKeys
  /** The public keys of the clients that may connect; `'any'` lets in every client with the server's public key. */
  readonly clients: readonly string[] | 'any'
  /**
   * Also decides about each client whose key is on the list or was admitted with `admit`. Default: the list alone
   * decides.
   */
  readonly authentication?: AuthenticateOptions | undefined
}

/** The options to open a server's socket with. Release it after you close the socket. */
export interface ServerSecurity {
  readonly socketOptions: {
    readonly curveServer?: boolean | undefined
    readonly curveSecretKey?: string | undefined
    readonly zapDomain?: string | undefined
    readonly zapEnforceDomain?: boolean | undefined
  }
  /**
   * For sockets that you bind yourself, without limits: their clients stay connected when they are no longer on the
   * list.
   */
  readonly directOptions: ServerSecurity['socketOptions']
  /**
   * Connections of clients on the list, and of others, both 0 without CURVE; and what became of all connections of the
   * listeners.
   */
  readonly counts: { readonly authenticated: number; readonly denied: number; readonly connections: ConnectionCounts }
  /**
   * Lets one more client in, until you call the returned function. When a client loses its last right, its connections
   * end. Without CURVE everyone is let in.
   */
  admit(publicKey: string): () => void
  /**
   * Replaces the list of clients while the server runs. It cuts off clients that are no longer on the list at once, and
   * no other client notices. Clients that `admit` let in stay connected.
   *
   * @throws {NoClientListError} Without CURVE.
   * @throws {RangeError} When a key is invalid; the list then stays as it was.
   */
  setClients(clients: readonly string[] | 'any'): void
  /**
   * Binds the server's socket, opened with `socketOptions`, to an endpoint. It limits what clients can make this
   * process hold before the program receives it. The first call's limits apply to the socket. This side chooses the
   * routing id of each connection and ignores what the client claims. A socket with `handover` uses the client's own
   * routing id, which outlives its connections. Any admitted client can then take over another's id, and can end the
   * process by claiming an id that ZeroMQ generates.
   *
   * Each connection takes three descriptors, and messages take one more hop each way, through the I/O thread. Resolves
   * with the actual endpoint.
   *
   * @throws {AddressError}
   * @throws {EndpointError} When it cannot be bound.
   * @throws {RangeError} When a limit is no
   * number above 0.
   * @throws {TypeError} When the socket is no ROUTER of `openSocket`.
   */
  listen(socket: Sockets['ROUTER'], endpoint: string, limits?: ListeningLimits): Promise<string>
  /**
   * The client behind a routing id, which is the first frame of each of its messages: its address, and with CURVE its
   * key and its user id. It also knows the last 1,024 clients that are gone. Undefined for others, and at sockets with
   * `handover`, where a client may claim any routing id.
   */
  peerOf(routingId: Uint8Array | string): Peer | undefined
  release(): Promise<void>
}

/**
 * Secures a server that binds to these endpoints. CURVE applies to all of them, since it belongs to the socket.
 *
 * @throws {CurveRequiredError} When other machines can reach one of them, and there are no keys.
 * @throws {TypeError} When `curve` has anything else, or lacks keys or clients.
 * @throws {RangeError} When a key is invalid.
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
  expectOptions(`${action}: curve`, curve, SERVER)
  const { keys, clients, authentication } = curve
  expectKeyPair(`${action}: curve`, keys)
  expectClients(`${action}: curve`, clients)
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
 * The options to open a client's socket with.
 *
 * @throws {TypeError} When it has anything else, or lacks one of them.
 * @throws {RangeError} When a key is none.
 */
export function curveClient(curve: CurveClient | undefined): {
  readonly curvePublicKey?: string | undefined
  readonly curveSecretKey?: string | undefined
  readonly curveServerKey?: string | undefined
} {
  if (curve === undefined) return {}
  expectOptions('use curve', curve, CLIENT)
  const { keys, serverKey } = curve
  expectKeyPair('use curve', keys)
  keyBytes('public', serverKey)
  return { curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey, curveServerKey: serverKey }
}

const SERVER = optionNames<CurveServer>({ keys: true, clients: true, authentication: true })
const CLIENT = optionNames<CurveClient>({ keys: true, serverKey: true })

/** A server without CURVE: everyone gets in. */
class OpenServer extends ListeningServer implements ServerSecurity {
  readonly socketOptions = {}
  readonly directOptions = {}

  get counts(): ServerSecurity['counts'] {
    return { authenticated: 0, denied: 0, connections: this.connections }
  }

  admit(): () => void {
    return () => undefined
  }

  setClients(): never {
    throw new NoClientListError()
  }

  async release(): Promise<void> {
    // It holds nothing.
  }
}

class CurveSecurity extends ListeningServer implements ServerSecurity {
  readonly socketOptions: ServerSecurity['socketOptions']
  readonly directOptions: ServerSecurity['socketOptions']
  readonly #served: ServedDomain
  readonly #disown: (() => void) | undefined
  #releasing: Promise<void> | undefined

  constructor(keys: CurveKeys, served: ServedDomain) {
    super()
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
    return { authenticated, denied, connections: this.connections }
  }

  admit(publicKey: string): () => void {
    keyBytes('public', publicKey)
    return this.#listOf().admit(publicKey)
  }

  setClients(clients: readonly string[] | 'any'): void {
    expectClients('set the clients', clients)
    expectKeys(clients)
    this.#listOf().replace(clients)
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

function expectClients(action: string, clients: unknown): void {
  if (clients !== 'any' && !Array.isArray(clients))
    throw new TypeError(`Cannot ${action}: clients must be a list of public keys, or 'any'`)
}

function expectKeys(clients: readonly string[] | 'any'): void {
  if (clients !== 'any') for (const client of clients) keyBytes('public', client)
}
