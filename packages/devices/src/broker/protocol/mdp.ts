import { isUtf8 } from 'node:buffer'
import { MESSAGE_LIMITS, type Frame } from '@zera/core'

/**
 * The Majordomo Protocol: 0.1 is RFC 7/MDP, one reply to a request; 0.2 is RFC 18/MDP, any number of partial replies
 * and a final one.
 *
 * @see https://rfc.zeromq.org/spec/7/ and https://rfc.zeromq.org/spec/18/
 */
export type MdpVersion = '0.1' | '0.2'

/** The headers that tell clients from workers, with the version that they speak. */
export const HEADERS = {
  MDPC01: { role: 'client', version: '0.1' },
  MDPW01: { role: 'worker', version: '0.1' },
  MDPC02: { role: 'client', version: '0.2' },
  MDPW02: { role: 'worker', version: '0.2' },
} as const

/** The header of a side in a version. */
export function headerOf(role: 'client' | 'worker', version: MdpVersion): keyof typeof HEADERS {
  if (role === 'client') return version === '0.1' ? 'MDPC01' : 'MDPC02'
  return version === '0.1' ? 'MDPW01' : 'MDPW02'
}

/** The commands between a worker and a broker, with their bytes. REPLY in 0.1 is `final` here. */
export const WORKER_COMMANDS = {
  '0.1': { ready: 1, request: 2, final: 3, heartbeat: 4, disconnect: 5 },
  '0.2': { ready: 1, request: 2, partial: 3, final: 4, heartbeat: 5, disconnect: 6 },
} as const

/**
 * The commands between a client and a broker in 0.2, with their bytes. In 0.1 the direction of a message says which it
 * is.
 */
export const CLIENT_COMMANDS = { request: 1, partial: 2, final: 3 } as const

/** Why a message does not follow the protocol. */
export type Malformation =
  /** It has more or fewer frames than its command has. */
  | 'frame-count'
  /** No header of the protocol stands where one has to. */
  | 'header'
  /** The header is followed by no command of its side. */
  | 'command'
  /** The name of the service is empty, longer than 255 bytes, not UTF-8, or not printable. */
  | 'service-name'
  /**
   * The address of the client is empty, longer than 255 bytes, or not followed by an empty frame; or an address before
   * that is as long.
   */
  | 'client-address'

/** A message of a client or a worker to the broker. */
export type BrokerMessage =
  /**
   * `envelope`: the way back to the client, its own address first. Devices in between, or a REQ that correlates, have
   * added to it.
   */
  | {
      readonly kind: 'request'
      readonly version: MdpVersion
      readonly envelope: readonly Buffer[]
      readonly service: string
      readonly body: readonly Buffer[]
    }
  | { readonly kind: 'ready'; readonly version: MdpVersion; readonly sender: Buffer; readonly service: string }
  | {
      readonly kind: 'reply'
      readonly version: MdpVersion
      readonly sender: Buffer
      readonly isFinal: boolean
      readonly client: Buffer
      readonly body: readonly Buffer[]
    }
  | { readonly kind: 'heartbeat'; readonly version: MdpVersion; readonly sender: Buffer }
  | { readonly kind: 'disconnect'; readonly version: MdpVersion; readonly sender: Buffer }
  | { readonly kind: 'malformed'; readonly sender: Buffer; readonly problem: Malformation }

const MAX_SERVICE_BYTES = 255
/** How long a routing id may be. A peer with its own ZMTP implementation can claim a longer one. */
const MAX_ADDRESS_BYTES = 255
const MAX_ADDRESSES = 16
const UNPRINTABLE = /\p{Cc}/u

/**
 * Reads what the broker's ROUTER has received: `[sender] [empty] [header] …` in 0.1, `[sender] [header] …` in 0.2.
 * Never throws: messages that do not follow the protocol are `malformed`.
 */
export function readBrokerMessage(frames: readonly Buffer[]): BrokerMessage {
  const sender = frames[0] as Buffer
  const malformed = (problem: Malformation): BrokerMessage => ({ kind: 'malformed', sender, problem })
  if (frames.length > MESSAGE_LIMITS.maxFrames) return malformed('frame-count')
  if (sender.length > MAX_ADDRESS_BYTES) return malformed('client-address')
  const direct = headerAt(frames, 1)
  if (direct !== undefined) {
    if (direct.version !== '0.2') return malformed('header')
    return direct.role === 'client' ? readRequest02(frames, malformed) : readWorker(frames, 1, '0.2', malformed)
  }
  const empty = frames.slice(0, MAX_ADDRESSES + 1).findIndex(frame => frame.length === 0)
  if (empty < 1) return malformed('header')
  const header = headerAt(frames, empty + 1)
  if (header?.version !== '0.1') return malformed('header')
  if (header.role === 'client') {
    const envelope = frames.slice(0, empty)
    if (envelope.some(({ length }) => length > MAX_ADDRESS_BYTES)) return malformed('client-address')
    return readRequest(frames, envelope, empty + 2, '0.1', malformed)
  }
  return empty === 1 ? readWorker(frames, 2, '0.1', malformed) : malformed('header')
}

function readRequest02(frames: readonly Buffer[], malformed: (problem: Malformation) => BrokerMessage): BrokerMessage {
  if (commandAt(frames, 2) !== CLIENT_COMMANDS.request) return malformed('command')
  return readRequest(frames, frames.slice(0, 1), 3, '0.2', malformed)
}

function readRequest(
  frames: readonly Buffer[],
  envelope: readonly Buffer[],
  at: number,
  version: MdpVersion,
  malformed: (problem: Malformation) => BrokerMessage,
): BrokerMessage {
  if (frames.length < at + 2) return malformed('frame-count')
  const service = readServiceName(frames[at])
  if (service === undefined) return malformed('service-name')
  return { kind: 'request', version, envelope, service, body: frames.slice(at + 1) }
}

/** @param at Where the header stands. */
function readWorker(
  frames: readonly Buffer[],
  at: number,
  version: MdpVersion,
  malformed: (problem: Malformation) => BrokerMessage,
): BrokerMessage {
  const sender = frames[0] as Buffer
  const byte = commandAt(frames, at + 1)
  const rest = frames.slice(at + 2)
  const [name] = Object.entries(WORKER_COMMANDS[version]).find(([, code]) => code === byte) ?? []
  switch (name) {
    case 'ready': {
      if (rest.length !== 1) return malformed('frame-count')
      const service = readServiceName(rest[0])
      return service === undefined ? malformed('service-name') : { kind: 'ready', version, sender, service }
    }
    case 'partial':
    case 'final': {
      if (rest.length < 3) return malformed('frame-count')
      const [client, empty, ...body] = rest as [Buffer, Buffer, ...Buffer[]]
      if (client.length === 0 || client.length > MAX_ADDRESS_BYTES || empty.length !== 0)
        return malformed('client-address')
      return { kind: 'reply', version, sender, isFinal: name === 'final', client, body }
    }
    case 'heartbeat':
    case 'disconnect':
      return rest.length === 0 ? { kind: name, version, sender } : malformed('frame-count')
    // A worker sends no requests.
    default:
      return malformed('command')
  }
}

/** The name of a service, when the frame is one. */
export function readServiceName(frame: Buffer | undefined): string | undefined {
  if (frame === undefined || frame.length === 0 || frame.length > MAX_SERVICE_BYTES || !isUtf8(frame)) return undefined
  const name = frame.toString()
  return UNPRINTABLE.test(name) ? undefined : name
}

/** The header of the protocol at a place, if there is one. */
export function headerAt(frames: readonly Frame[], at: number): (typeof HEADERS)[keyof typeof HEADERS] | undefined {
  const frame = frames[at]
  if (frame?.length !== 6) return undefined
  const text = frame.toString()
  return Object.hasOwn(HEADERS, text) ? HEADERS[text as keyof typeof HEADERS] : undefined
}

/** The one byte of a command at a place, if there is one. */
export function commandAt(frames: readonly Buffer[], at: number): number | undefined {
  const frame = frames[at]
  return frame?.length === 1 ? frame[0] : undefined
}
