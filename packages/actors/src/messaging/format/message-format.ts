import type { Head, MessageFormat } from '@zera/core/internal'
import type { Refusal } from '../envelope.js'
import type { Publication } from '../publication.js'

/**
 * The messages that travel on a link between two hosts: JSON arrays whose first element says what they are.
 *
 * - `[TELL, to, from, method, values, number]`, where the number is 0 unless the message is kept in a durable mailbox,
 *   `[ASK, to, from, method, values, correlation]`, `[OPEN, …]` like ASK, for a stream; and, if present, how often it
 *   was started before, its traceparent or null, and its id
 * - `[ANSWER, correlation, values]`, `[THREW, correlation, values]`, `[UNREACHED, correlation, kind]`, and for an unknown
 *   method what is wrong with it, in words
 * - `[ITEM, correlation, values]` of a stream, `[WITHDRAW, correlation]` from an asker that gives up, `[MORE,
 *   correlation, to, items]` from a reader that takes this many more
 * - `[PUBLICATION, key, from, values, topic]`, and the traceparent when it has one: the frames of ZeroMQ's pub-sub
 *   envelope, key, address and data
 *
 * `values` is what `encodeValues` makes; ids are those of actors; `from` is 0 for a sender that is not an actor.
 */
export const TELL = 0
export const ASK = 1
export const ANSWER = 2
export const THREW = 3
export const UNREACHED = 4
export const WITHDRAW = 5
export const OPEN = 6
export const ITEM = 7
export const MORE = 8
export const PUBLICATION = 9

export type CallBody = readonly [
  kind: typeof TELL | typeof ASK | typeof OPEN,
  to: number,
  from: number,
  method: string,
  values: unknown,
  correlation: number,
  redelivered?: number,
  traceparent?: string | null,
  id?: string,
]
export type ReplyBody = readonly [
  kind: typeof ANSWER | typeof THREW | typeof ITEM,
  correlation: number,
  values: unknown,
]
export type UnreachedBody = readonly [
  kind: typeof UNREACHED,
  correlation: number,
  why: Exclude<Refusal['kind'], 'threw'>,
  problem?: string,
]
type WithdrawBody = readonly [kind: typeof WITHDRAW, correlation: number]
export type MoreBody = readonly [kind: typeof MORE, correlation: number, to: number, items: number]
export type PublicationBody = readonly [
  kind: typeof PUBLICATION,
  key: string,
  from: number,
  values: unknown,
  topic: string,
  traceparent?: string,
]
export type MessageBody = CallBody | ReplyBody | UnreachedBody | WithdrawBody | MoreBody | PublicationBody

/** Whether a message answers an ask, or a part of it. */
export function isReply(body: MessageBody): body is ReplyBody | UnreachedBody {
  const [kind] = body
  return kind === ANSWER || kind === THREW || kind === UNREACHED || kind === ITEM
}

/** An outgoing call, while its arguments are still values. */
export interface OutgoingCall {
  readonly kind: CallBody[0]
  /** The id of the target on its host. */
  readonly to: number
  /** The id of the actor that sends it; 0 if none does. */
  readonly from: number
  readonly method: string
  readonly args: unknown[]
  /** The number by which the asker knows its question; that of a message that is kept; 0 for any other tell. */
  readonly correlation: number
  /** How often it was started before. For one that is kept: 1 when others may be kept before it. Default 0. */
  readonly redelivered?: number
  /** By which its target knows a question again. */
  readonly id?: string | undefined
  /** Its target, for errors; undefined for a service of the system. */
  readonly ref?: { toString(): string } | undefined
}

/** What a call is besides its arguments and its correlation. */
export function callHead(
  { kind, to, from, method, redelivered, id }: Omit<OutgoingCall, 'args'>,
  traceparent?: string,
): Head {
  return headOf(kind, to, from, method, redelivered, traceparent, id)
}

/** That of a call that came back and goes out again. */
export function headAgain([kind, to, from, method, , , , traceparent, id]: CallBody, redelivered: number): Head {
  return headOf(kind, to, from, method, redelivered, traceparent, id)
}

function headOf(
  kind: CallBody[0],
  to: number,
  from: number,
  method: string,
  redelivered = 0,
  traceparent: string | null = null,
  id?: string,
): Head {
  if (id !== undefined) return [kind, to, from, method, redelivered, traceparent, id]
  if (traceparent !== null) return [kind, to, from, method, redelivered, traceparent]
  return redelivered === 0 ? [kind, to, from, method] : [kind, to, from, method, redelivered]
}

/** What a publication is besides its data. */
export function publicationHead({ topic, key, from, traceparent }: Omit<Publication, 'data'>): Head {
  const head: Head = [PUBLICATION, key, from?.id ?? 0, topic]
  return traceparent === undefined ? head : [...head, traceparent]
}

/** How messages with values look; those without are written as text. */
export const FORMAT: MessageFormat = {
  body: bodyOf,
  text: (head, key, values) =>
    `[${bodyOf(head, key, VALUES)
      .map(part => (part === VALUES ? values : JSON.stringify(part)))
      .join()}]`,
}

const VALUES = Symbol('values')

function bodyOf(head: Head, key: number, values: unknown): unknown[] {
  switch (head[0]) {
    case TELL:
    case ASK:
    case OPEN:
      return head.length === 4
        ? [head[0], head[1], head[2], head[3], values, key]
        : [...head.slice(0, 4), values, key, ...head.slice(4)]
    case PUBLICATION:
      return [head[0], head[1], head[2], values, ...head.slice(3)]
    default:
      return [head[0], key, values]
  }
}

/** Writes that an ask was refused before a handler had it. */
export function unreachedText(correlation: number, refusal: Exclude<Refusal, { readonly kind: 'threw' }>): string {
  const problem =
    refusal.kind === 'unknown-method' && refusal.problem !== undefined ? `,${JSON.stringify(refusal.problem)}` : ''
  return `[${UNREACHED},${correlation},"${refusal.kind}"${problem}]`
}
