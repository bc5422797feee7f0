import type { Address } from '../model/address.js'

/** Where a message came from, and where its outcome goes. */
export interface Origin {
  /** The number of the host on the other side. */
  readonly host: number
  /** Its handler is about to start. Returns false when it must not, since its asker has withdrawn it. */
  begin(envelope: Envelope): boolean | void
  /** It is over, whatever came of it. Called once for each message. */
  finish(envelope: Envelope): void
  /** The answer to an ask. */
  answer(envelope: Envelope, value: unknown): void
  /** The error instead of an answer. */
  refuse(envelope: Envelope, refusal: Refusal): void
  /** One item of a stream. */
  item(envelope: Envelope, value: unknown): void
}

/** Why an ask has no answer. */
export type Refusal =
  /** The handler threw this. */
  | { readonly kind: 'threw'; readonly error: unknown }
  /** The actor is not running, and has not begun it. */
  | { readonly kind: 'stopped' }
  /** The actor is stopping: it handles what it has, and takes nothing new. */
  | { readonly kind: 'stopping' }
  /** The actor had begun it, and was stopped before it was done. */
  | { readonly kind: 'interrupted' }
  /** The actor has failed and restarts, which ends its open streams. */
  | { readonly kind: 'restarted' }
  /** Its mailbox is full. */
  | { readonly kind: 'mailbox-full' }
  /** The actor has no such method, or none of that kind; `problem` says which. */
  | { readonly kind: 'unknown-method'; readonly problem?: string | undefined }

/** One message at the host of its target. */
export interface Envelope {
  /** The id of the target on this host. */
  readonly to: number
  /** The actor that sent it, if it was one. */
  readonly from: Address | undefined
  readonly method: string
  readonly args: unknown[]
  /** Where its outcome goes; that of a message to a durable actor waits there. */
  origin: Origin
  /** The slot of the link that it came on; 0 on its own host. */
  readonly slot: number
  /** The number by which the asker knows its question; that of a message that is kept; 0 for any other tell. */
  readonly correlation: number
  /**
   * How often its handler was started before, by incarnations whose thread went down. For one that is kept, and comes
   * from its sender: 1 when others may be kept before it.
   */
  readonly redelivered?: number
  /** The W3C traceparent that it was sent with. */
  readonly traceparent?: string | undefined
  /** By which its target knows the question again; undefined when it need not. */
  readonly id?: string | undefined
  /**
   * `stream` opens a stream, `more` takes more from it, `close` ends one whose reader has left; `self` is what the
   * actor scheduled itself.
   */
  readonly kind: 'tell' | 'ask' | 'stream' | 'more' | 'close' | 'self'
  /** When it arrived at its mailbox, see `MessageTimer`; 0 when it is not measured. */
  stamp: number
}

/** The parts of an envelope; those left out are 0 or undefined. */
type Call = Pick<Envelope, 'kind' | 'to' | 'method' | 'args' | 'origin'> & Partial<Omit<Envelope, 'stamp'>>

/** Makes an envelope. All of them are made here, so they share one shape, which V8 checks at each step of a message. */
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
  id,
}: Call): Envelope {
  return { kind, to, from, method, args, origin, slot, correlation, redelivered, traceparent, id, stamp: 0 }
}

/** Whether a message is kept in the durable mailbox of its target, until it is handled. */
export function isKept({ kind, correlation }: Pick<Envelope, 'kind' | 'correlation'>): boolean {
  return kind === 'tell' && correlation > 0
}

/** The origin of a host's messages to its own actors, whose outcome no one waits for. */
export const NOBODY: Origin = {
  host: -1,
  begin: () => undefined,
  finish: () => undefined,
  answer: () => undefined,
  refuse: () => undefined,
  item: () => undefined,
}
