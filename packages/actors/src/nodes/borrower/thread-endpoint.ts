import { maxSocketPathBytes, type Endpoint } from '@zera/core/internal'

const MAX_PORT = 65_535

/**
 * The address of a node's thread. Over tcp the node supplies only the port, and the borrower the host name, so a node
 * cannot send a borrower to another machine. On this machine the node supplies the path.
 *
 * @param said Where the thread is, as the node reports it.
 * @param node Where the node is reached.
 * @returns Undefined for a place where no thread of this node can be.
 */
export function threadEndpoint(said: Endpoint, node: Endpoint): Endpoint | undefined {
  if (node.startsWith('ipc:'))
    return said.startsWith('ipc:') && Buffer.byteLength(said) <= 'ipc://'.length + maxSocketPathBytes()
      ? said
      : undefined
  const port = Number(/^tcp:.*:(\d{1,5})$/s.exec(said)?.[1])
  return port > 0 && port <= MAX_PORT ? (node.replace(/:\d+$/, `:${port}`) as Endpoint) : undefined
}
