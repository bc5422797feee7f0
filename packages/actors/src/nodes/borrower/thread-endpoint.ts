import type { Endpoint } from '@zera/core/internal'

/**
 * What fits into the path of a socket, without the byte that ends it. A connect to a longer one fails, wherever in the
 * system that is done.
 */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103
const MAX_PORT = 65_535

/**
 * Where a thread of a node is reached. Over tcp a node knows its ports, and by which name it is reached, whoever
 * reaches it knows: it sends nobody to another machine. On this machine it says the path.
 *
 * @param said Where the thread is, by the word of the node.
 * @param node Where the node is reached.
 * @returns Undefined for a place where no thread of this node can be.
 */
export function threadEndpoint(said: Endpoint, node: Endpoint): Endpoint | undefined {
  if (node.startsWith('ipc:'))
    return said.startsWith('ipc:') && Buffer.byteLength(said) <= 'ipc://'.length + MAX_PATH_BYTES ? said : undefined
  const port = Number(/^tcp:.*:(\d{1,5})$/s.exec(said)?.[1])
  return port > 0 && port <= MAX_PORT ? (node.replace(/:\d+$/, `:${port}`) as Endpoint) : undefined
}
