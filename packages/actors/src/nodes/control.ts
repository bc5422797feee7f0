import { decodeValues, encodeValues, FrameSequence, guarded, parseJson, type Down, type RemoteAccount, type RemoteTerms, type ThreadReceipt } from '@zera/core'
import type { LogOptions } from '../log/logger.js'

/** Names what is said here, and on the links between threads. It changes with them. */
export const NODE_PROTOCOL = 1

/** A system asks a node for a session. It is asked again until it is answered. */
export interface OpenRequest {
  readonly protocol: number
  /** Names the system, so that a new session of the same one takes the place of its old one. */
  readonly system: string
  /** The directory of the system's modules, as a URL; undefined when the node has the same files. */
  readonly root: string | undefined
  readonly threads: number
  readonly heartbeatMs: number
  readonly deadlineMs: number
}

/** Whether a request can be answered at all, whoever has made it. */
export function isRequest(open: unknown): open is OpenRequest {
  const { protocol, system, root, threads, heartbeatMs, deadlineMs } = (open ?? {}) as Partial<Record<keyof OpenRequest, unknown>>
  if (typeof protocol !== 'number') return false
  // Another protocol may ask for something else.
  if (protocol !== NODE_PROTOCOL) return true
  const hasNumbers = [threads, heartbeatMs, deadlineMs].every(number => Number.isFinite(number) && (number as number) > 0)
  return hasNumbers && typeof system === 'string' && (root === undefined || typeof root === 'string')
}

/** Why a node lends nothing. */
export type NodeRefusal =
  | { readonly why: 'protocol'; readonly protocol: number }
  /** It lends its threads to another system. */
  | { readonly why: 'busy' }
  | { readonly why: 'threads'; readonly maxThreads: number }
  /** Its numbers are beyond the `NODE_LIMITS`. */
  | { readonly why: 'limits'; readonly problem: string }

/** What is said beside the sequence, as one JSON object; whatever is lost of it is said again. */
export interface Bare {
  readonly open?: OpenRequest
  readonly opened?: true
  readonly refused?: NodeRefusal
  /** A sign of life by its number, and the last one that was heard. */
  readonly beat?: number
  readonly echo?: number
  /** Bytes of the node's resident memory. */
  readonly rssBytes?: number
  /** The node has ended the session. */
  readonly ended?: string
}

/** What a system says to a node within a session; each arrives once, in order. Threads have numbers, those of their hosts. */
export type Order =
  | { readonly kind: 'start'; readonly thread: number; readonly options: StartOptions }
  | { readonly kind: 'signal'; readonly thread: number; readonly signal: string; readonly data: unknown; readonly terms: RemoteTerms | undefined }
  | { readonly kind: 'stop'; readonly thread: number; readonly deadlineMs: number }
  | { readonly kind: 'kill'; readonly thread: number }
  /** Lets the threads of another node connect. */
  | { readonly kind: 'admit'; readonly publicKey: string }
  | { readonly kind: 'close' }

/** How a thread is started on a node. */
export interface StartOptions {
  /** Whether it is told later which host it is. */
  readonly isSpare: boolean
  /** What a spare thread imports before it is ready. */
  readonly modules: readonly string[]
  readonly name: string
  readonly incarnation: number
  readonly startMs: number
  readonly maxHeapMb: number | undefined
  readonly container: string | undefined
  readonly log: LogOptions | undefined
}

/** What a node says to a system within a session. */
export type Report =
  | { readonly kind: 'started'; readonly thread: number; readonly endpoint: string }
  | { readonly kind: 'failed'; readonly thread: number; readonly error: unknown }
  | { readonly kind: 'signal'; readonly thread: number; readonly signal: string; readonly data: unknown }
  | { readonly kind: 'down'; readonly thread: number; readonly down: DownReport }
  | { readonly kind: 'closed' }

/** How a thread of a node has ended, and what it has left. */
export interface DownReport {
  readonly down: Down
  readonly receipt: ThreadReceipt
  /** Messages that died with it which it held for itself. */
  readonly lost: number
  readonly accounts: readonly (readonly [link: number, account: RemoteAccount])[]
  /** What was in its black box. */
  readonly blackBox: Uint8Array
}

/** One side of the conversation between a system and a node, without IO: what is said in it arrives once and in order, also when its connection breaks. */
export class ControlLine<Said extends object, Heard extends object> {
  readonly #transmit: (text: string) => void
  readonly #sequence: FrameSequence

  constructor(transmit: (text: string) => void, hear: (message: Heard) => void) {
    this.#transmit = transmit
    this.#sequence = new FrameSequence({
      transmit,
      take: (_handled, batch) => {
        for (const text of batch) guarded(() => hear(decodeValues(text)[0] as Heard))
      },
      confirmed: () => undefined,
    })
  }

  /** Says something. */
  say(message: Said): void {
    this.#sequence.send([], `[${encodeValues([message])}]`, [])
  }

  /** Says something beside the sequence. */
  sayBare(bare: Bare): void {
    this.#transmit(JSON.stringify(bare))
  }

  /** Takes a text of the other side. @returns What it says beside the sequence, if it does. */
  take(text: string): Bare | undefined {
    const bare = readBare(text)
    if (bare !== undefined) return bare
    this.#sequence.take(text)
    this.#sequence.confirm()
    return undefined
  }

  close(): void {
    this.#sequence.close()
  }
}

/** Reads what is said beside a sequence; undefined when it is something else. */
export function readBare(text: string): Bare | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return parseJson(text) as Bare
  } catch {
    return undefined
  }
}
