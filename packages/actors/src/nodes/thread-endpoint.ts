import type { Endpoint } from '@zera/core'

/** What fits into the path of a socket, without the byte that ends it. A connect to a longer one fails, wherever in the system that is done. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103
const MAX_PORT = 65_535

/** A thread that a node has started. */
interface StartedThread {
  readonly number: number
  readonly incarnation: number
}

/**
 * Where a thread of a node is reached. A node knows its ports, and what its sockets have behind their path; by which name it is reached, whoever reaches it knows.
 *
 * @param said Where it is, by the word of the node. @param node Where the node is reached.
 * @returns Undefined for any other place than one of the node's own, to which it could send all threads of the system.
 */
export function threadEndpoint(said: Endpoint, node: Endpoint, { number, incarnation }: StartedThread): Endpoint | undefined {
  if (!node.startsWith('ipc:')) {
    const port = Number(/^tcp:.*:(\d{1,5})$/s.exec(said)?.[1])
    return port > 0 && port <= MAX_PORT ? (node.replace(/:\d+$/, `:${port}`) as Endpoint) : undefined
  }
  const [behind] = new RegExp(`\\.[0-9a-f]{8}\\.${number}\\.${incarnation}$`).exec(said) ?? []
  const endpoint: Endpoint = `${node as `ipc://${string}`}${behind ?? ''}`
  return said.startsWith('ipc:') && behind !== undefined && Buffer.byteLength(endpoint) <= 'ipc://'.length + MAX_PATH_BYTES ? endpoint : undefined
}
