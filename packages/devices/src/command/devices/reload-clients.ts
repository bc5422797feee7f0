import { readPublicKey } from '@zera/core'
import type { ServerValues } from '../server-arguments.js'

/** A server whose list of clients can be replaced. */
interface ListingServer {
  setClients(clients: readonly string[]): Promise<void>
}

/**
 * What SIGHUP does at a server that lists its clients: it reads the files of `--curve-client-key` again, all or
 * nothing, and resolves with a line about it. Undefined at a server without such files, which SIGHUP ends as it does
 * every process.
 */
export function clientsReloader(
  { 'curve-client-key': files }: ServerValues,
  server: ListingServer,
): (() => Promise<string>) | undefined {
  if (files === undefined) return undefined
  return async () => {
    const clients = await Promise.all(files.map(file => readPublicKey(file)))
    await server.setClients(clients)
    return `read ${files.join(', ')}: ${clients.length} ${clients.length === 1 ? 'client' : 'clients'} may come in, and no other`
  }
}
