/**
 * The frames of RFC 27/ZAP, with which ZeroMQ asks a handler in its own process whether a peer may connect.
 *
 * @see https://rfc.zeromq.org/spec/27/
 */
import type { Frame } from './frames.js'

/** A question: may this client connect? */
export interface ZapRequest {
  /** The way back, up to the empty frame. */
  readonly envelope: readonly Buffer[]
  readonly requestId: Buffer
  readonly domain: string
  /** The client's IP address. */
  readonly address: string
  /** The routing id that the server's socket has. */
  readonly identity: Buffer
  readonly mechanism: string
  /** For PLAIN the name and the password. For CURVE, the 32 bytes of the client's public key. */
  readonly credentials: readonly Buffer[]
}

/** The one place where ZeroMQ looks for the handler of its process. */
export const ZAP_ENDPOINT = 'inproc://zeromq.zap.01'
const VERSION = '1.0'
const BETWEEN = '#'

/** The domain that ZeroMQ asks about for one connection, so that it is known whose key or password it is. */
export function domainOfConnection(domain: string, connection: string): string {
  return `${domain}${BETWEEN}${connection}`
}

/** The domain that a question is about, and the connection, where there is one. */
export function splitDomain(asked: string): { readonly domain: string; readonly connection?: string } {
  const at = asked.lastIndexOf(BETWEEN)
  return at === -1 ? { domain: asked } : { domain: asked.slice(0, at), connection: asked.slice(at + 1) }
}

/** Reads what the handler's ROUTER has received; undefined when it is none of the protocol. */
export function readZapRequest(frames: readonly Buffer[]): ZapRequest | undefined {
  const empty = frames.findIndex(frame => frame.length === 0)
  const [version, requestId, domain, address, identity, mechanism, ...credentials] = frames.slice(empty + 1)
  if (
    empty < 1 ||
    version?.toString() !== VERSION ||
    requestId === undefined ||
    domain === undefined ||
    address === undefined ||
    identity === undefined ||
    mechanism === undefined
  )
    return undefined
  return {
    envelope: frames.slice(0, empty),
    requestId,
    domain: domain.toString(),
    address: address.toString(),
    identity,
    mechanism: mechanism.toString(),
    credentials,
  }
}

/** The decision about a client. */
export type ZapVerdict =
  | { readonly status: 200; readonly userId: string; readonly metadata: Readonly<Record<string, string>> }
  | { readonly status: 300 | 400 | 500; readonly text: string }

/** The answer. */
export function writeZapReply({ envelope, requestId }: ZapRequest, verdict: ZapVerdict): Frame[] {
  const said =
    verdict.status === 200
      ? ['200', 'OK', verdict.userId, writeMetadata(verdict.metadata)]
      : [String(verdict.status), verdict.text, '', '']
  return [...envelope, '', VERSION, requestId, ...said]
}

/** Properties as RFC 23 has them: a byte for the length of each name, four for that of its value. */
function writeMetadata(metadata: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(metadata).flatMap(([name, text]) => {
      const value = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(value.length)
      return [Buffer.from([name.length]), Buffer.from(name, 'latin1'), length, value]
    }),
  )
}
