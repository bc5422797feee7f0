import { isMainThread } from 'node:worker_threads'
import { SocketError } from '../../base/errors/errors.js'
import { loadIoHost } from '../../thread/load-io-host.js'
import { seed, whyForeign } from '../../words/this-thread.js'
import { workerIoClient, type IoClient } from './io-client.js'

/** How this thread reaches the I/O thread. */
export interface IoAccess {
  readonly client: IoClient
  /** Looks anew whether the process stays alive for this thread's sockets. Workers stay alive by themselves. */
  readonly keepAlive: () => Promise<void>
}

/**
 * The access of this thread.
 *
 * @throws {SocketError} In a worker that Zera did not start.
 * @throws {DescriptorLimitError} When there are too few descriptors for the I/O thread.
 */
export async function ioAccess(): Promise<IoAccess> {
  if (isMainThread) {
    const { keepAlive, mainIoClient } = await loadIoHost()
    const client = mainIoClient()
    return { client, keepAlive: () => keepAlive(() => client.openSockets > 0) }
  }
  if (seed === undefined) throw new SocketError(`Cannot open a socket: ${whyForeign()}`)
  return { client: workerIoClient(), keepAlive: () => Promise.resolve() }
}
