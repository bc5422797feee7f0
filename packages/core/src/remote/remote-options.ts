import { REMOTE_LIMITS } from '../base/values/limits.js'
import type { SocketOptions } from '../sockets/options/socket-options.js'

/**
 * What both kinds of socket have: marks that no honest peer reaches, since the windows of the links bound what waits,
 * and beyond which what is sent is lost and sent again; heartbeats, so that a connection that is dead gives way to
 * another.
 */
export const REMOTE_SOCKET_OPTIONS = {
  linger: 200,
  sendHighWaterMark: REMOTE_LIMITS.frames,
  receiveHighWaterMark: REMOTE_LIMITS.frames,
  sendTimeout: 0,
  maxMessageSize: REMOTE_LIMITS.frameBytes,
  heartbeatInterval: 1000,
  heartbeatTimeout: 3000,
} as const satisfies SocketOptions['DEALER']

/** How a socket that connects to another process encrypts, as its options. */
export interface RemoteSecurity {
  readonly curvePublicKey?: string | undefined
  readonly curveSecretKey?: string | undefined
  readonly curveServerKey?: string | undefined
}

/** Where a thread can be reached from other processes, and how it encrypts. */
export interface RemoteDoorOptions {
  readonly endpoint: string
  readonly security: Pick<SocketOptions['ROUTER'], 'curveServer' | 'curveSecretKey' | 'zapDomain' | 'zapEnforceDomain'>
}
