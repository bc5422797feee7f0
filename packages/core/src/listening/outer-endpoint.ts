import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import { connect, type ListenOptions, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'

/** What `net.Server.listen` takes for an endpoint of ZeroMQ, which may name an interface. */
export function listenOptions(endpoint: string, ipv6: boolean): ListenOptions {
  if (endpoint.startsWith('ipc://')) return { path: endpoint.slice('ipc://'.length) }
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

/** Listens. @throws What the operating system says, with its code. */
export async function listenAt(server: Server, options: ListenOptions): Promise<void> {
  if (options.path !== undefined) await removeForsaken(options.path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: 511 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // Who may connect is who may write it.
  if (options.path !== undefined) chmodSync(options.path, 0o600)
}

function hostOf(name: string, ipv6: boolean): string {
  if (name === '*') return ipv6 ? '::' : '0.0.0.0'
  const addresses = networkInterfaces()[name]
  return addresses?.find(({ family }) => family === (ipv6 ? 'IPv6' : 'IPv4'))?.address ?? addresses?.[0]?.address ?? name
}

/** Removes a socket that a process has left behind. What is no socket, or has somebody behind it, stays. */
async function removeForsaken(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw Object.assign(new Error(`${path} is no socket`), { code: 'EEXIST' })
  const isForsaken = await new Promise<boolean>(resolve => {
    const probe = connect(path)
    probe.once('connect', () => resolve(false))
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
    probe.once('close', () => probe.removeAllListeners())
    probe.once('connect', () => probe.destroy())
  })
  if (!isForsaken) throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE' })
  unlinkSync(path)
}
