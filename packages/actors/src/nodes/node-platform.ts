import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { threadPlatform, type Platform } from '../platform.js'
import { NODE_PROTOCOL } from './control.js'
import { DEFAULT_HEARTBEAT, type HeartbeatOptions, type NodeOptions } from './node-options.js'
import { RemoteNode } from './remote-node.js'
import { FIRST_NODE_HOST, openRemote } from './remote-transport.js'

/** What a system with nodes stands on: the threads of this process, and those that the nodes lend. Nothing is asked of them yet. */
export async function nodePlatform(nodes: readonly NodeOptions[], heartbeat: HeartbeatOptions, root: URL | string | undefined): Promise<Platform> {
  const { clock, startHost } = threadPlatform
  const access = await openRemote({})
  const request = { protocol: NODE_PROTOCOL, system: randomBytes(16).toString('hex'), root: rootOf(root), ...DEFAULT_HEARTBEAT, ...heartbeat }
  const remotes = nodes.map(node => new RemoteNode(node, request, clock))
  const lenders = remotes.flatMap(remote => Array.from({ length: remote.threads }, () => remote))
  return {
    ...threadPlatform,
    transport: access.transport,
    startHost: thread => startHost({ ...thread, data: { ...thread.data, remote: {} } }),
    lent: {
      places: lenders.map(({ name: node, startThread }, at) => ({ node, startThread, number: FIRST_NODE_HOST + 1 + at })),
      closeDoors: () => {
        for (const remote of remotes) remote.closeDoors()
      },
      stop: async deadlineMs => {
        await Promise.all(remotes.map(remote => remote.stop(deadlineMs)))
        await access.close()
      },
    },
  }
}

/** The directory of the system's modules. */
function rootOf(root: URL | string | undefined): string {
  const main = process.argv[1]
  const url = root?.toString() ?? (main === undefined ? pathToFileURL(process.cwd()).href : pathToFileURL(dirname(realpathSync(main))).href)
  return url.endsWith('/') ? url : `${url}/`
}
