import { isMainThread } from 'node:worker_threads'
import { SocketError } from '../../base/errors/errors.js'
import { loadIoHost } from '../../thread/load-io-host.js'
import { seed, threadName, whyForeign, words } from '../../words/this-thread.js'
import { IoClient, workerIoClient } from './io-client.js'

/** How this thread reaches the I/O thread. */
export interface IoAccess {
  readonly client: IoClient
  /** Looks anew whether the process stays alive for this thread's sockets. Workers stay alive by themselves. */
  readonly keepAlive: () => Promise<void>
}

type Serve = Awaited<ReturnType<typeof loadIoHost>>['serve']

/** The main thread's client. */
let mainClient: IoClient | undefined

/**
 * The access of this thread.
 *
 * @throws {SocketError} In a worker that Zera did not start.
 * @throws {DescriptorLimitError} When there are too few descriptors for the I/O thread.
 */
export async function ioAccess(): Promise<IoAccess> {
  if (isMainThread) {
    const { keepAlive, serve } = await loadIoHost()
    mainClient ??= openMainClient(serve)
    const client = mainClient
    return { client, keepAlive: () => keepAlive(() => client.openSockets > 0) }
  }
  if (seed === undefined) throw new SocketError(`Cannot open a socket: ${whyForeign()}`)
  return { client: workerIoClient(), keepAlive: () => Promise.resolve() }
}

function openMainClient(serve: Serve): IoClient {
  const client = new IoClient()
  void serve({
    thread: threadName,
    words: words.memory,
    ended: new Promise(() => undefined),
    linked: end => client.open(end),
    refused: error => {
      mainClient = undefined
      client.giveUp(error)
    },
    lost: () => {
      if (mainClient === client) client.close()
    },
  })
  return client
}
