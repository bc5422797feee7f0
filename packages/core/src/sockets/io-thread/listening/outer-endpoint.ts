import { chmodSync, unlinkSync } from 'node:fs'
import type { ListenOptions, Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { whenPathIsFree } from '../endpoints/ipc-path.js'

/** What `net.Server.listen` takes for an endpoint of ZeroMQ, which may name an interface. */
export function listenOptions(endpoint: string, ipv6: boolean): ListenOptions {
  // A name that begins with @ is none of a file.
  if (endpoint.startsWith('ipc://')) return { path: endpoint.slice('ipc://'.length).replace(/^@/, '\0') }
  const colon = endpoint.lastIndexOf(':')
  const name = endpoint.slice('tcp://'.length, colon).replace(/^\[(.*)\]$/, '$1')
  const port = endpoint.slice(colon + 1)
  return { host: hostOf(name, ipv6), port: port === '*' ? 0 : Number(port) }
}

/** The endpoint that a server got, as ZeroMQ writes it. */
export function boundEndpoint(endpoint: string, server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return endpoint
  return `tcp://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

/**
 * Listens.
 *
 * @throws What the operating system says, with its code.
 */
export async function listenAt(server: Server, options: ListenOptions): Promise<void> {
  const { path } = options
  if (path !== undefined && !path.startsWith('\0')) {
    await whenPathIsFree(path, isStale => {
      if (isStale) unlinkSync(path)
    })
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: 511 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // Every process that may write the file may connect.
  if (path !== undefined && !path.startsWith('\0')) chmodSync(path, 0o600)
}

function hostOf(name: string, ipv6: boolean): string {
  if (name === '*') return ipv6 ? '::' : '0.0.0.0'
  const addresses = networkInterfaces()[name]
  return (
    addresses?.find(({ family }) => family === (ipv6 ? 'IPv6' : 'IPv4'))?.address ?? addresses?.[0]?.address ?? name
  )
}
