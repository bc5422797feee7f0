import type { ListeningLimits } from '../sockets/options/listening-limits.js'
import type { Peer } from '../sockets/peer.js'
import type { Sockets } from '../sockets/socket.js'
import { Authenticator, type AuthenticateOptions } from './authenticate.js'
import { Listeners } from './listeners.js'
import { serveDomain } from './zap-handler.js'

/** Somebody who says who may connect. */
export interface Authentication extends AsyncDisposable {
  /**
   * What the sockets of servers are opened with, beside `plainServer: true`, or `curveServer: true` and a
   * `curveSecretKey`, or neither, which leaves only the address to go by.
   */
  readonly socketOptions: { readonly zapDomain: string; readonly zapEnforceDomain: true }
  /** Clients that were let in, and others. Counters never decrease. */
  readonly counts: { readonly authenticated: number; readonly denied: number }
  /**
   * Binds a server's ROUTER, which was opened with `socketOptions`, behind what limits and watches connections: as
   * `ServerSecurity.listen`, also with PLAIN.
   *
   * @throws {AddressError}
   * @throws {EndpointError} When it cannot be bound.
   * @throws {RangeError} When a limit is no
   * number above 0.
   * @throws {TypeError} When the socket is no ROUTER of `openSocket`.
   */
  listen(socket: Sockets['ROUTER'], endpoint: string, limits?: ListeningLimits): Promise<string>
  /** Whose messages come under a routing id, at a socket of `listen`: as `ServerSecurity.peerOf`. */
  peerOf(routingId: Uint8Array | string): Peer | undefined
  /**
   * Ends it. Nobody gets in any more at sockets that were opened with it; who is in stays. Calling it twice is
   * harmless.
   */
  close(): Promise<void>
}

/**
 * Has a function decide who may connect, to any number of sockets: by name and password (PLAIN), by key (CURVE), or by
 * address alone. Each connection is asked about once. ZeroMQ knows one who answers in a process, so all servers that
 * authenticate are in one thread. Nobody gets in while nobody answers.
 *
 * PLAIN encrypts nothing: name and password can be read by whoever sees the traffic. `secureServer` has lists of keys,
 * and takes such a function, too.
 *
 * @example
 *   ;```ts
 *   await using authentication = await startAuthentication({
 *     authenticate: async request =>
 *       request.mechanism === 'PLAIN' && (await isRight(request.username, request.password)),
 *   })
 *   await using server = await openSocket('REP', { plainServer: true, ...authentication.socketOptions })
 *   ```
 *
 * @throws {AuthenticationError} When another thread, or other code of this process, authenticates. @throws {TypeError} @throws
 *   {RangeError} When an option is not what it must be.
 * @see https://rfc.zeromq.org/spec/27/ @see czmq's zauth
 */
export async function startAuthentication(options: AuthenticateOptions): Promise<Authentication> {
  const served = await serveDomain(undefined, new Authenticator(options))
  let released: Promise<void> | undefined
  const close = (): Promise<void> => (released ??= served.release())
  const listeners = new Listeners()
  return {
    socketOptions: { zapDomain: served.directName, zapEnforceDomain: true },
    get counts() {
      const { authenticated, denied } = served.domain
      return { authenticated, denied }
    },
    listen: async (socket, endpoint, limits = {}) => listeners.listen(socket, endpoint, limits),
    peerOf: routingId => listeners.peerOf(routingId),
    close,
    [Symbol.asyncDispose]: close,
  }
}
