import {
  openSocket,
  secureServer,
  type CurveServer,
  type ServerSecurity,
  type SocketOptions,
  type Sockets,
} from '@zera/core'
import type { ListeningLimits } from '@zera/core/internal'
import { bindAll, type Endpoints } from './endpoints.js'

/** How the ROUTER of a device is opened. */
export interface SecuredRouterOptions {
  /** What is attempted, for errors: "start the broker". */
  readonly action: string
  readonly bind: Endpoints
  readonly curve: CurveServer | 'none' | undefined
  readonly socketOptions: SocketOptions['ROUTER']
  readonly limits?: ListeningLimits
  /** Cancels it. */
  readonly signal: AbortSignal | undefined
}

/**
 * Opens a ROUTER, and binds it. It leaves nothing open when that fails.
 *
 * @throws {CurveRequiredError}
 * @throws {AddressError}
 * @throws {AuthenticationError}
 * @throws The signal's reason.
 */
export async function openSecuredRouter({
  action,
  bind,
  curve,
  socketOptions,
  limits,
  signal,
}: SecuredRouterOptions): Promise<SecuredRouter> {
  signal?.throwIfAborted()
  const security = await secureServer(action, bind, curve)
  let socket: Sockets['ROUTER'] | undefined
  try {
    const router = await openSocket('ROUTER', { ...security.socketOptions, ...socketOptions })
    socket = router
    const endpoints = await bindAll(bind, endpoint => {
      signal?.throwIfAborted()
      return security.listen(router, endpoint, limits)
    })
    signal?.throwIfAborted()
    return new SecuredRouter(router, endpoints, security)
  } catch (error) {
    await closeSecured(socket, [security])
    throw error
  }
}

/** The ROUTER of a device, bound, with the list of the clients that may connect to it. */
export class SecuredRouter {
  readonly socket: Sockets['ROUTER']
  /** Where it is bound, with the ports that `tcp://…:*` got. */
  readonly endpoints: Endpoints
  readonly #security: ServerSecurity

  constructor(socket: Sockets['ROUTER'], endpoints: Endpoints, security: ServerSecurity) {
    this.socket = socket
    this.endpoints = endpoints
    this.#security = security
  }

  get counts(): ServerSecurity['counts'] {
    return this.#security.counts
  }

  /**
   * Replaces the list of clients.
   *
   * @throws {NoClientListError} When it has none.
   * @throws {RangeError} When a key is invalid; the list then stays as it was.
   */
  setClients(clients: readonly string[] | 'any'): void {
    this.#security.setClients(clients)
  }

  close(): Promise<void> {
    return closeSecured(this.socket, [this.#security])
  }
}

/**
 * Closes sockets, and then releases what secures them: no client gets in without a check of its key.
 *
 * @param sockets What closes them; undefined when none is open.
 */
export async function closeSecured(
  sockets: { close(): Promise<void> } | undefined,
  securities: readonly Pick<ServerSecurity, 'release'>[],
): Promise<void> {
  await sockets?.close()
  for (const security of securities) await security.release()
}
