import { type CurveServer, readKeys, readPublicKey } from '@zera/core'
import { reachOf, type Reach, UsageError } from '@zera/core/internal'

/** The options of everything that listens, for `parseArgs`. */
export const SERVER_OPTIONS = {
  'curve-server-key': { type: 'string' },
  'curve-client-key': { type: 'string', multiple: true },
  'any-client': { type: 'boolean' },
  unencrypted: { type: 'boolean' },
  'stop-ms': { type: 'string' },
} as const

/** The same, as a paragraph of a help. */
export const SERVER_OPTIONS_HELP = `  --curve-server-key FILE   encrypts with CURVE what is bound; FILE has the server's keys, from zera keygen, and clients need the public one
  --curve-client-key FILE   lets the client with the public key in FILE in; may be given several times
  --any-client              lets every client in that has the server's public key
  --unencrypted             lets other machines reach it without CURVE; without this and keys, it binds to ipc, for this user and root, and to 127.0.0.1 and [::1], for all users of this machine
  --stop-ms MS              milliseconds that it may take at the end to finish what it has; 5000 by default
  --help                    this text`

/** What `parseArgs` gives for `SERVER_OPTIONS`. */
export interface ServerValues {
  readonly 'curve-server-key'?: string | undefined
  readonly 'curve-client-key'?: string[] | undefined
  readonly 'any-client'?: boolean | undefined
  readonly unencrypted?: boolean | undefined
}

/**
 * Reads how a server encrypts, and which clients it lets in; undefined when it does not encrypt.
 *
 * @throws {UsageError}
 * @throws {KeyFileError}
 */
async function readServerSecurity(values: ServerValues): Promise<CurveServer | undefined> {
  const { 'curve-server-key': keyFile, 'curve-client-key': clientFiles = [], 'any-client': isOpen = false } = values
  if (keyFile === undefined) {
    if (isOpen || clientFiles.length > 0)
      throw new UsageError('--curve-client-key and --any-client need --curve-server-key')
    return undefined
  }
  if (isOpen === clientFiles.length > 0)
    throw new UsageError(
      '--curve-server-key needs either --curve-client-key, for each client that may come in, or --any-client',
    )
  return {
    keys: await readKeys(keyFile),
    clients: isOpen ? 'any' : await Promise.all(clientFiles.map(file => readPublicKey(file))),
  }
}

/**
 * The same, or `'none'` when an option says that it need not encrypt.
 *
 * @throws {UsageError}
 * @throws {KeyFileError}
 */
export async function readCurve(values: ServerValues): Promise<CurveServer | 'none' | undefined> {
  const keys = await readServerSecurity(values)
  if (values.unencrypted !== true) return keys
  if (keys !== undefined)
    throw new UsageError('--unencrypted and --curve-server-key exclude each other; give one of them')
  return 'none'
}

const AUDIENCES: Readonly<Record<Reach, string>> = {
  process: 'threads of this process',
  user: 'processes of this user and of root',
  machine: 'all users of this machine',
  network: 'everybody who can reach it over the network',
}
const FROM_NEAR_TO_FAR: readonly Reach[] = ['process', 'user', 'machine', 'network']

/**
 * Which peers can reach what is bound without keys, for the first line of output; undefined when there are keys, or
 * nothing is bound.
 */
export function exposureOf(endpoints: readonly string[], curve: CurveServer | 'none' | undefined): string | undefined {
  if (typeof curve === 'object' || endpoints.length === 0) return undefined
  const furthest = Math.max(...endpoints.map(endpoint => FROM_NEAR_TO_FAR.indexOf(reachOf(endpoint))))
  return `unencrypted, open to ${AUDIENCES[FROM_NEAR_TO_FAR[furthest] as Reach]}`
}
