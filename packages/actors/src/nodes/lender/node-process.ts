import { mkdir, writeFile } from 'node:fs/promises'
import { aborted, type DetachedSelf } from '@zera/core/internal'
import { CHILD_LIMITS } from '../../model/nodes/node-limits.js'
import { removeNodeFolder } from '../folders/node-folder.js'
import { NodeServer } from './node-server.js'

/**
 * The life of a node that a system has started: a child process on the same machine, with the same files, which ends
 * with the system.
 */
export default async function nodeProcess(self: DetachedSelf): Promise<void> {
  // Lines of its actors that cannot be written do not end their threads.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const { endpoint, directory } = self.data as { readonly endpoint: string; readonly directory: string }
  // Where the machine has no memory left, the kernel ends this process before that of the system. Elsewhere there is no such file.
  await writeFile('/proc/self/oom_score_adj', '500').catch(() => undefined)
  await mkdir(directory, { mode: 0o700 })
  // Its directory lets no other user in, so it needs neither keys nor a list.
  const security = { socketOptions: {} }
  const server = await NodeServer.start({
    endpoint,
    security,
    maxThreads: Infinity,
    root: undefined,
    limits: CHILD_LIMITS,
    doors: 'hidden',
  })
  self.ready()
  await aborted(self.stopping)
  // First: a thread that is in native code may never end, and then this process is killed.
  removeNodeFolder(directory)
  await server.stop()
}
