import type { ListeningLimits } from '../sockets/options/listening-limits.js'
import type { Peer } from '../sockets/peer.js'
import type { Sockets } from '../sockets/socket.js'
import { Authenticator, type AuthenticateOptions } from './authenticate.js'
import { ListeningServer } from './listening-server.js'
import { serveDomain } from './zap-handler.js'

/** An authenticator: it decides which clients may connect. */
export interface Authentication extends AsyncDisposable {
  /**
   * Options to open server sockets with. Add `plainServer: true`, or `curveServer: true` and a `curveSecretKey`. With
   * neither, only the address is there to decide by.
   */
  readonly socketOptions: { readonly zapDomain: string; readonly zapEnforceDomain: true }
  /** Clients that were let in, and those that were refused. Counters never decrease. */
  readonly counts: { readonly authenticated: number; readonly denied: number }
  /**
   * Binds a server's ROUTER, opened with `socketOptions`, behind a listener that limits and watches connections. It
   * works like `ServerSecurity.listen`, also with PLAIN.
   *
   * @throws {AddressError}
   * @throws {EndpointError} When it cannot be bound.
   * @throws {RangeError} When a limit is no number above 0.
   * @throws {TypeError} When the socket is no ROUTER of `openSocket`.
   */
  listen(socket: Sockets['ROUTER'], endpoint: string, limits?: ListeningLimits): Promise<string>
  /** The client behind a routing id, at a socket of `listen`: see `ServerSecurity.peerOf`. */
  peerOf(routingId: Uint8Array | string): Peer | undefined
  /**
   * Ends it. Sockets that were opened with it refuse all new clients; connected ones stay. Calling it twice is
   * harmless.
   */
  close(): Promise<void>
}

/**
 * Lets a function decide which clients may connect, to any number of sockets: by name and password (PLAIN), by key
 * (CURVE), or by address alone. The function is called once per connection. ZeroMQ allows one authenticator per
 * process, so all servers that authenticate are in one thread. While no authenticator runs, no client gets in.
 *
 * PLAIN encrypts nothing: anyone who sees the traffic can read name and password. `secureServer` works with lists of
 * keys, and takes such a function, too.
 *
 * @example
 *   await using authentication = await startAuthentication({
 *     authenticate: async request =>
 *       request.mechanism === 'PLAIN' && (await isRight(request.username, request.password)),
 *   })
 *   await using server = await openSocket('REP', { plainServer: true, ...authentication.socketOptions })
 *
 * @throws {AuthenticationError} When another thread, or other code of this process, authenticates.
 * @throws {TypeError} When an option is unknown or has the wrong type.
 * @throws {RangeError} When an option is out of its range.
 * @see https://rfc.zeromq.org/spec/27/ @see czmq's zauth
 */
export async function startAuthentication(options: AuthenticateOptions): Promise<Authentication> {
  const served = await serveDomain(undefined, new Authenticator(options))
  let released: Promise<void> | undefined
  const close = (): Promise<void> => (released ??= served.release())
  const server = new ListeningServer()
  return {
    socketOptions: { zapDomain: served.directName, zapEnforceDomain: true },
    get counts() {
      const { authenticated, denied } = served.domain
      return { authenticated, denied }
    },
    listen: (socket, endpoint, limits) => server.listen(socket, endpoint, limits),
    peerOf: routingId => server.peerOf(routingId),
    close,
    [Symbol.asyncDispose]: close,
  }
}
