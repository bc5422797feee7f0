import { mkdir, writeFile } from 'node:fs/promises'
import { aborted, createKeys, secureServer, type ProcessSelf } from '@zera/core/internal'
import { CHILD_LIMITS } from '../../model/nodes/node-limits.js'
import type { ChildPlace, ChildReached } from '../control/child-place.js'
import { removeNodeFolder } from '../folders/node-folder.js'
import { NodeServer } from './node-server.js'

/** What all children do not limit: they end with the system, and have its files. */
const COMMON = { maxThreads: Infinity, root: undefined, limits: CHILD_LIMITS } as const

/**
 * The life of a node that a system has started: a child process on the same machine, with the same files, which ends
 * with the system.
 */
export default async function nodeProcess(self: ProcessSelf): Promise<void> {
  // Lines of its actors that cannot be written do not end their threads.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const place = self.data as ChildPlace
  // Where the machine has no memory left, the kernel ends this process before that of the system. Elsewhere there is no such file.
  await writeFile('/proc/self/oom_score_adj', '500').catch(() => undefined)
  await ('directory' in place ? serveInFolder(self, place) : serveAtPort(self, place))
}

async function serveInFolder(
  self: ProcessSelf,
  { endpoint, directory }: Extract<ChildPlace, { directory: string }>,
): Promise<void> {
  await mkdir(directory, { mode: 0o700 })
  // Its directory lets no other user in, so it needs neither keys nor a list.
  const security = { socketOptions: {} }
  const server = await NodeServer.start({ ...COMMON, endpoint, security, doors: 'hidden' })
  self.ready()
  await aborted(self.stopping)
  // First: a thread that is in native code may never end, and then this process is killed.
  removeNodeFolder(directory)
  await server.stop()
}

async function serveAtPort(
  self: ProcessSelf,
  { endpoint, client }: Extract<ChildPlace, { client: string }>,
): Promise<void> {
  const keys = createKeys()
  const security = await secureServer('start the node', [endpoint], { keys, clients: [client] })
  const server = await NodeServer.start({ ...COMMON, endpoint, security })
  const reached: ChildReached = { endpoint: server.endpoint, serverKey: keys.publicKey }
  self.ready(JSON.stringify(reached))
  await aborted(self.stopping)
  await server.stop()
  await security.release()
}
