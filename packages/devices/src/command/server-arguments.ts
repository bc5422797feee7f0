import { type CurveServer, readKeys, readPublicKey } from '@zera/core'
import { UsageError } from './subcommand.js'

/** The options of a server that lists its clients, for `parseArgs`. */
export const SERVER_OPTIONS = {
  'curve-server-key': { type: 'string' },
  'curve-client-key': { type: 'string', multiple: true },
  'any-client': { type: 'boolean' },
  'stop-ms': { type: 'string' },
} as const

/** The same, as a paragraph of a help. */
export const SERVER_OPTIONS_HELP = `  --curve-server-key FILE   encrypts with CURVE; FILE has the server's keys, from zera-device keygen, and clients have to know the public one
  --curve-client-key FILE   lets the client in whose public key FILE has; may be given several times
  --any-client              lets every client in that knows the server's public key
  --stop-ms MS              milliseconds that it may go on at the end, to answer what it has; 5000 by default
  --help                    this text`

/** What `parseArgs` gives for `SERVER_OPTIONS`. */
export interface ServerValues {
  readonly 'curve-server-key'?: string | undefined
  readonly 'curve-client-key'?: string[] | undefined
  readonly 'any-client'?: boolean | undefined
}

/** Reads how a server encrypts, and whom it lets in; undefined when it does not encrypt. @throws {UsageError} @throws {KeyFileError} */
export async function readServerSecurity(values: ServerValues): Promise<CurveServer | undefined> {
  const { 'curve-server-key': keyFile, 'curve-client-key': clientFiles = [], 'any-client': isOpen = false } = values
  if (keyFile === undefined) {
    if (isOpen || clientFiles.length > 0) throw new UsageError('--curve-client-key and --any-client need --curve-server-key')
    return undefined
  }
  if (isOpen === clientFiles.length > 0) throw new UsageError('--curve-server-key needs either --curve-client-key, for each client that may come in, or --any-client')
  return { keys: await readKeys(keyFile), clients: isOpen ? 'any' : await Promise.all(clientFiles.map(file => readPublicKey(file))) }
}
