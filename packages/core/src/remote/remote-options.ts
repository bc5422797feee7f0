import type { SocketOptions } from '../sockets/socket-options.js'

/** What both kinds of socket have: no mark, since the windows of the links bound what waits; heartbeats, so that a connection that is dead gives way to another. */
export const REMOTE_SOCKET_OPTIONS = { linger: 200, sendHighWaterMark: 0, receiveHighWaterMark: 0, heartbeatInterval: 1000, heartbeatTimeout: 3000 } as const satisfies SocketOptions['DEALER']

/** Where a thread can be reached from other processes, and how it encrypts. */
export interface RemoteDoorOptions {
  readonly endpoint: string
  readonly security: Pick<SocketOptions['ROUTER'], 'curveServer' | 'curveSecretKey' | 'zapDomain' | 'zapEnforceDomain'>
}
