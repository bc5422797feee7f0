import type { Address } from '../model/address.js'

/** Where a message came from, and where what becomes of it is told. */
export interface Origin {
  /** The number of the host on the other side. */
  readonly host: number
  /** Its handler is about to start. Returns false when it must not, since its asker has withdrawn it. */
  begin(envelope: Envelope): boolean | void
  /** It is over, whatever came of it. Called once for each message. */
  finish(envelope: Envelope): void
  /** The answer to an ask. */
  answer(envelope: Envelope, value: unknown): void
  /** The error in place of an answer. */
  refuse(envelope: Envelope, refusal: Refusal): void
  /** One item of a stream. */
  item(envelope: Envelope, value: unknown): void
}

/** Why an ask has no answer. */
export type Refusal =
  /** The handler threw this. */
  | { readonly kind: 'threw'; readonly error: unknown }
  /** The actor is not running. */
  | { readonly kind: 'stopped' }
  /** The actor has failed and starts anew, and its open streams with it. */
  | { readonly kind: 'restarted' }
  /** Its mailbox is full. */
  | { readonly kind: 'mailbox-full' }
  /** The actor has no such method. */
  | { readonly kind: 'unknown-method' }

/** One message at the host of its target. */
export interface Envelope {
  /** The id of the target on this host. */
  readonly to: number
  /** The actor that sent it, if it was one. */
  readonly from: Address | undefined
  readonly method: string
  readonly args: unknown[]
  readonly origin: Origin
  /** The slot of the link that it came on; 0 on its own host. */
  readonly slot: number
  /** The number by which the asker knows its question; 0 for a tell. */
  readonly correlation: number
  /** How often its handler was begun before, by incarnations whose thread went down. */
  readonly redelivered?: number
  /** The W3C traceparent that it was sent with. */
  readonly traceparent?: string | undefined
  /**
   * `stream` opens a stream, `more` takes more from it, `close` ends one whose reader has left; `self` is what the
   * actor has itself do.
   */
  readonly kind: 'tell' | 'ask' | 'stream' | 'more' | 'close' | 'self'
}

/** What an envelope is made of; what is left out is 0, or not there. */
type Call = Pick<Envelope, 'kind' | 'to' | 'method' | 'args' | 'origin'> & Partial<Envelope>

/** Makes an envelope. All of them are made here, and so have one shape, which V8 asks for at each step of a message. */
export function envelopeOf({
  kind,
  to,
  from,
  method,
  args,
  origin,
  slot = 0,
  correlation = 0,
  redelivered = 0,
  traceparent,
}: Call): Envelope {
  return { kind, to, from, method, args, origin, slot, correlation, redelivered, traceparent }
}

/** The origin of what a host says to its own actors, where nobody waits for anything. */
export const NOBODY: Origin = {
  host: -1,
  begin: () => undefined,
  finish: () => undefined,
  answer: () => undefined,
  refuse: () => undefined,
  item: () => undefined,
}
