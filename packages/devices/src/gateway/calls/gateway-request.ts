import { isUtf8 } from 'node:buffer'
import { parseJson } from '@zera/core/internal'
import type { GatewayFault } from './gateway-fault.js'

/** What a client may put into its request to match the reply to it. */
export type RequestId = string | number | null

/** A readable request, which is not necessarily allowed. */
export interface GatewayRequest {
  /** The way back to the client, its own address first. */
  readonly envelope: readonly Buffer[]
  readonly id: RequestId
  readonly actor: string
  readonly method: string
  readonly args: readonly unknown[]
  /** How long the client waits, when it says so. */
  readonly timeoutMs: number | undefined
  /**
   * Bytes that it may take in memory until its call has settled, the arguments as they were parsed; rather too many
   * than too few.
   */
  readonly heldBytes: number
}

/** A request that cannot be read. */
export interface UnreadableRequest {
  readonly envelope: readonly Buffer[]
  /** Null when it cannot be read. */
  readonly id: RequestId
  readonly fault: GatewayFault
  readonly problem: string
}

const FIELDS: Readonly<Record<string, true>> = { id: true, actor: true, method: true, args: true, timeoutMs: true }
const MAX_ID_CHARS = 255
const MAX_DEPTH = 64
/**
 * Frames that may stand before the empty one, and bytes of each: it is the size of ZeroMQ's own routing ids. They are
 * kept while a call runs, and go back with its reply.
 */
const MAX_ADDRESSES = 16
const MAX_ADDRESS_BYTES = 255

/**
 * What a call takes by itself, in bytes: its records, timer and signal, and the 8 KiB from which Node cuts small
 * buffers, which one of them keeps. What JSON of so many bytes, objects, keys and values takes when it is parsed: V8
 * needs up to 26 times the bytes of the text, for arrays in arrays, and 31 for a string of one character, which Node 22
 * does not share when its code is above 255.
 */
const HELD = { call: 10 * 1024, byte: 2, object: 96, key: 64, value: 24 } as const

/**
 * Reads what the gateway's ROUTER has received: `[sender] [empty] [JSON]`. Never throws. Nothing is parsed before its
 * size was looked at.
 *
 * The JSON is `{"actor": …, "method": …, "args": […], "id": …, "timeoutMs": …}`; the last three may be left out.
 */
export function readGatewayRequest(
  frames: readonly Buffer[],
  maxRequestBytes: number,
): GatewayRequest | UnreadableRequest {
  const empty = frames.findIndex(frame => frame.length === 0)
  const isEnveloped =
    empty >= 1 &&
    empty <= MAX_ADDRESSES &&
    frames.length === empty + 2 &&
    frames.slice(0, empty).every(frame => frame.length <= MAX_ADDRESS_BYTES)
  const envelope = isEnveloped ? frames.slice(0, empty) : frames.slice(0, 1)
  const unreadable = (fault: GatewayFault, problem: string, id: RequestId = null): UnreadableRequest => ({
    envelope,
    id,
    fault,
    problem,
  })
  if (!isEnveloped)
    return unreadable(
      'bad-envelope',
      `its ${frames.length - 1} frames are not an empty one and one of JSON, after at most ${MAX_ADDRESSES - 1} addresses of at most ${MAX_ADDRESS_BYTES} bytes`,
    )
  const text = frames[empty + 1] as Buffer
  if (text.length > maxRequestBytes)
    return unreadable('too-large', `it has ${text.length} bytes (limit ${maxRequestBytes})`)
  if (!isUtf8(text)) return unreadable('bad-json', 'it is not UTF-8')
  let json: unknown
  try {
    json = parseJson(text.toString())
  } catch {
    return unreadable('bad-json', 'it is not JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return unreadable('bad-request', 'it is not an object')
  const { id = null, actor, method, args = [], timeoutMs } = json as Record<string, unknown>
  if (!isId(id))
    return unreadable(
      'bad-request',
      `id must be null, a finite number, or a string of at most ${MAX_ID_CHARS} characters`,
    )
  const parsed = weigh(json)
  if ('fault' in parsed) return unreadable(parsed.fault, parsed.problem, id)
  const unknown = Object.keys(json).find(key => !Object.hasOwn(FIELDS, key))
  if (unknown !== undefined)
    return unreadable(
      'bad-request',
      `it has the field ${JSON.stringify(unknown.slice(0, 40))}; there are ${Object.keys(FIELDS).join(', ')}`,
      id,
    )
  if (typeof actor !== 'string') return unreadable('bad-request', 'actor must be a string', id)
  if (typeof method !== 'string') return unreadable('bad-request', 'method must be a string', id)
  if (!Array.isArray(args)) return unreadable('bad-request', 'args must be an array', id)
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0))
    return unreadable('bad-request', 'timeoutMs must be a number of more than 0', id)
  const heldBytes = HELD.call + HELD.byte * text.length + parsed.bytes
  return { envelope, id, actor, method, args, timeoutMs, heldBytes }
}

function isId(id: unknown): id is RequestId {
  return id === null || Number.isFinite(id) || (typeof id === 'string' && id.length <= MAX_ID_CHARS)
}

/**
 * What parsed JSON takes in memory besides its text. It also looks for keys that could reach the prototype of an object
 * into which code copies the arguments, and for a depth at which other code would recurse too far.
 */
function weigh(json: object): { readonly bytes: number } | { readonly fault: GatewayFault; readonly problem: string } {
  let bytes = 0
  let level: object[] = [json]
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return { fault: 'bad-json', problem: `it is nested deeper than ${MAX_DEPTH} levels` }
    const next: object[] = []
    const note = (child: unknown): void => {
      if (typeof child === 'object' && child !== null) next.push(child)
    }
    for (const value of level) {
      if (Array.isArray(value)) {
        bytes += HELD.object + value.length * HELD.value
        for (const child of value) note(child)
        continue
      }
      if (Object.hasOwn(value, '__proto__')) return { fault: 'forbidden-key', problem: 'it has the key __proto__' }
      if (
        Object.hasOwn(value, 'constructor') &&
        Object.hasOwn(Object((value as { constructor: unknown }).constructor) as object, 'prototype')
      ) {
        return { fault: 'forbidden-key', problem: 'it has the keys constructor and prototype' }
      }
      const children: unknown[] = Object.values(value)
      bytes += HELD.object + children.length * (HELD.value + HELD.key)
      for (const child of children) note(child)
    }
    level = next
  }
  return { bytes }
}
