import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { agreedHeartbeat, type HeartbeatOptions, type NodeOptions } from '../../model/nodes/node-options.js'
import type { Platform } from '../../platform/platform.js'
import { FIRST_REMOTE_HOST } from '../../platform/transport.js'
import { threadPlatform } from '../../system/thread-platform.js'
import { NODE_PROTOCOL } from '../control/control.js'
import { RemoteNode } from './remote-node.js'

/**
 * The platform of a system with nodes: the threads of this process, and those that the nodes lend. It asks nothing of
 * the nodes yet.
 */
export function nodePlatform(
  nodes: readonly NodeOptions[],
  heartbeat: HeartbeatOptions,
  root: URL | string | undefined,
): Platform {
  const platform = threadPlatform(heartbeat)
  const request = { protocol: NODE_PROTOCOL, root: rootOf(root), ...agreedHeartbeat(heartbeat) }
  const remotes = nodes.map(node => new RemoteNode(node, request, platform.clock))
  const lenders = remotes.flatMap(remote => Array.from({ length: remote.threads }, () => remote))
  return {
    ...platform,
    lent: {
      places: lenders.map(({ name: node, startThread }, at) => ({
        node,
        startThread,
        number: FIRST_REMOTE_HOST + 1 + at,
      })),
      onFault: told => {
        for (const remote of remotes) remote.faulted = told
      },
      closeDoors: () => {
        for (const remote of remotes) remote.closeDoors()
      },
      stop: async timeoutMs => {
        await Promise.all(remotes.map(remote => remote.stop(timeoutMs)))
      },
    },
  }
}

/** The directory of the system's modules. */
function rootOf(root: URL | string | undefined): string {
  const main = process.argv[1]
  const url =
    root?.toString() ??
    (main === undefined ? pathToFileURL(process.cwd()).href : pathToFileURL(dirname(realpathSync(main))).href)
  return url.endsWith('/') ? url : `${url}/`
}
