/**
 * The frames of RFC 27/ZAP, by which ZeroMQ asks a handler in its own process who may connect.
 *
 * @see https://rfc.zeromq.org/spec/27/
 */
import type { Frame } from '../sockets/frames.js'

/** A question: may this client connect? */
export interface ZapRequest {
  /** The way back, up to the empty frame. */
  readonly envelope: readonly Buffer[]
  readonly requestId: Buffer
  readonly domain: string
  /** The client's IP address. */
  readonly address: string
  readonly mechanism: string
  /** For CURVE, the 32 bytes of the client's public key. */
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
  if (empty < 1 || version?.toString() !== VERSION || requestId === undefined || domain === undefined || address === undefined || identity === undefined || mechanism === undefined) return undefined
  return { envelope: frames.slice(0, empty), requestId, domain: domain.toString(), address: address.toString(), mechanism: mechanism.toString(), credentials }
}

/** The answer: 200 with the client's user id, or 400. */
export function writeZapReply({ envelope, requestId }: ZapRequest, userId: string | undefined): Frame[] {
  const verdict = userId === undefined ? ['400', 'The key is not on the list', '', ''] : ['200', 'OK', userId, '']
  return [...envelope, '', VERSION, requestId, ...verdict]
}
