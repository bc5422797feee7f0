import { isLocal } from '../reach.js'
import { CurveRequiredError } from '../errors.js'
import { keyBytes, publicKeyOf, type CurveKeys } from './keys.js'
import { serveDomain } from './zap-handler.js'

/** How a server encrypts, and whom it lets in. */
export interface CurveServer {
  /** The server's own keys. Clients have to know the public one. @see readKeys */
  readonly keys: CurveKeys
  /** The public keys of the clients that may connect; `'any'` lets everybody in who knows the server's public key. */
  readonly clients: readonly string[] | 'any'
}

/** What a server's socket is opened with, and what has to be given back when it was closed. */
export interface ServerSecurity {
  readonly socketOptions: { readonly curveServer?: boolean; readonly curveSecretKey?: string; readonly zapDomain?: string; readonly zapEnforceDomain?: boolean }
  /** Connections of clients on the list, and of others; 0 without CURVE. */
  readonly counts: { readonly authenticated: number; readonly denied: number }
  /** Lets one more client in, until what is returned is called. Without CURVE everybody is. */
  admit(publicKey: string): () => void
  release(): Promise<void>
}

/**
 * Secures a server that binds to these endpoints. CURVE holds for all of them: it is a matter of the socket.
 *
 * @throws {CurveRequiredError} When one can be reached from other machines, and there are no keys. @throws {RangeError} When a key is none. @throws {AuthenticationError}
 */
export async function secureServer(action: string, endpoints: readonly string[], curve: CurveServer | 'none' | undefined): Promise<ServerSecurity> {
  const exposed = endpoints.find(endpoint => !isLocal(endpoint))
  if (curve === undefined && exposed !== undefined) throw new CurveRequiredError(action, exposed)
  if (curve === undefined || curve === 'none') return { socketOptions: {}, counts: { authenticated: 0, denied: 0 }, admit: () => () => undefined, release: () => Promise.resolve() }
  const { keys, clients } = curve
  if (publicKeyOf(keys.secretKey) !== keys.publicKey) throw new RangeError(`Cannot ${action}: the public key of the server is not that of its secret key; make new ones with createKeys`)
  if (clients !== 'any') for (const client of clients) keyBytes('public', client)
  const served = await serveDomain(clients)
  return {
    socketOptions: { curveServer: true, curveSecretKey: keys.secretKey, zapDomain: served.name, zapEnforceDomain: true },
    counts: served.domain,
    admit: publicKey => {
      keyBytes('public', publicKey)
      return served.admit(publicKey)
    },
    release: () => served.release(),
  }
}

/** How a client reaches a CURVE server. */
export interface CurveClient {
  /** The client's own keys. The server may want the public one on its list. */
  readonly keys: CurveKeys
  /** The server's public key. @see readPublicKey */
  readonly serverKey: string
}

/** What a client's socket is opened with. @throws {RangeError} When a key is none. */
export function curveClient(curve: CurveClient | undefined): { readonly curvePublicKey?: string; readonly curveSecretKey?: string; readonly curveServerKey?: string } {
  if (curve === undefined) return {}
  const { keys, serverKey } = curve
  keyBytes('public', serverKey)
  return { curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey, curveServerKey: serverKey }
}
