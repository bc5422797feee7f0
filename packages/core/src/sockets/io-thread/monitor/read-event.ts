import type { Event } from '../../../native/zeromq.js'
import type { HandshakeFailure, SocketEvent } from '../../socket-event.js'

/** How a socket is secured, and whether it is the server or a client of that. */
export type Side = 'NULL' | `${'PLAIN' | 'CURVE'} ${'server' | 'client'}`

/** Options by which a socket is secured. */
interface SecurityOptions {
  readonly curveServer?: boolean
  readonly curveServerKey?: string
  readonly plainServer?: boolean
  readonly plainUsername?: string
}

const STATUS_TEXTS = {
  300: 'the authenticator of the server cannot decide now; ZeroMQ does not try again by itself after a refusal, so disconnect and connect later',
  400: 'the credentials are not allowed: put the key on the list of the server, or correct the name and the password',
  500: 'the authenticator of the server has failed: look at the log of the server',
} as const

const PROTOCOL_TEXTS: Readonly<Record<string, string>> = {
  ZMTP_MECHANISM_MISMATCH: 'the two sides are secured in different ways (NULL, PLAIN, CURVE): give both the same',
  ZMTP_CRYPTOGRAPHIC:
    'what the other side sent could not be decrypted: one of the keys is not the one that belongs here, so compare curveServerKey of the client with the public key of the server',
  ZMTP_KEY_EXCHANGE: 'the keys could not be exchanged: one of them is not a valid key',
  ZMTP_INVALID_METADATA:
    'the description of the other side cannot be read, or its type of socket does not go with this one: see SOCKET_TRAITS',
  ZMTP_UNEXPECTED_COMMAND:
    'the other side sent an unexpected command: it may use another mechanism, or not be a ZeroMQ peer',
  ZMTP_INVALID_SEQUENCE:
    'the other side numbers its encrypted messages wrongly, as happens when recorded messages are sent again',
  ZAP_UNSPECIFIED:
    'nothing answers for the zapDomain of the server, so no client can connect: keep what startAuthentication or secureServer returned open as long as the server',
}

const CLOSED_TEXTS: Readonly<Record<Side, string>> = {
  NULL: 'the other side has closed the connection: it may require encryption, or not be a ZeroMQ peer',
  'PLAIN client':
    'the other side has closed the connection: it may not be a PLAIN server, or have no authenticator to check this name and password',
  'PLAIN server': 'the other side has closed the connection',
  'CURVE client':
    'the other side has closed the connection, as a server does when curveServerKey is not its public key: compare the two. It may also not be a CURVE server, or have no authenticator for its zapDomain',
  'CURVE server': 'the other side has closed the connection',
}

/** How a socket is secured by its options. */
export function sideOf({ curveServer, curveServerKey, plainServer, plainUsername }: SecurityOptions): Side {
  if (curveServer === true) return 'CURVE server'
  if (curveServerKey !== undefined) return 'CURVE client'
  if (plainServer === true) return 'PLAIN server'
  return plainUsername === undefined ? 'NULL' : 'PLAIN client'
}

/** What an event of zeromq.js says; undefined for its end, and for unknown events. */
export function readEvent(event: Event, side: Side, atMs: number): SocketEvent | undefined {
  const at = { endpoint: 'address' in event ? event.address : '', atMs }
  switch (event.type) {
    case 'connect':
      return { type: 'connected', ...at }
    case 'connect:delay':
      return { type: 'connect-delayed', ...at }
    case 'connect:retry':
      return { type: 'connect-retried', afterMs: event.interval, ...at }
    case 'bind':
      return { type: 'listening', ...at }
    case 'bind:error':
      return { type: 'bind-failed', ...errnoOf(event.error), ...at }
    case 'accept':
      return { type: 'accepted', ...at }
    case 'accept:error':
      return { type: 'accept-failed', ...errnoOf(event.error), ...at }
    case 'close':
      return { type: 'closed', ...at }
    case 'close:error':
      return { type: 'close-failed', ...errnoOf(event.error), ...at }
    case 'disconnect':
      return { type: 'disconnected', ...at }
    case 'handshake':
      return { type: 'handshake-succeeded', ...at }
    case 'handshake:error:auth':
      return { type: 'handshake-failed', reason: refused(event.error.status), ...at }
    case 'handshake:error:protocol':
      return { type: 'handshake-failed', reason: broken(event.error.code), ...at }
    case 'handshake:error:other':
      return {
        type: 'handshake-failed',
        reason: { kind: 'no-detail', errno: errnoOf(event.error).errno, text: CLOSED_TEXTS[side] },
        ...at,
      }
    case 'end':
    case 'unknown':
      return undefined
  }
}

function refused(said: number): HandshakeFailure {
  const status = said === 300 || said === 400 ? said : 500
  return { kind: 'refused', status, text: STATUS_TEXTS[status] }
}

function broken(said: string): HandshakeFailure {
  const code = said.replace(/^ERR_/, '')
  return { kind: 'protocol', code, text: PROTOCOL_TEXTS[code] ?? `the other side broke the protocol (${code})` }
}

function errnoOf(error: Partial<NodeJS.ErrnoException>): { readonly errno: string; readonly text: string } {
  return { errno: error.code ?? 'UNKNOWN', text: error.message ?? '' }
}
