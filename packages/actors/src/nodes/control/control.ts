import type { Down, Endpoint, RemoteAccount, RemoteTerms, ThreadReceipt } from '@zera/core/internal'
import type { NodeRefusal } from '../../model/errors.js'
import type { LogOptions } from '../../model/log.js'
import type { HostSignalDown, HostSignalUp } from '../../platform/host-signals.js'

/** The version of the protocol here, and of that on the links between threads. It changes with them. */
export const NODE_PROTOCOL = 4

/** A system asks a node for a session. It is asked again until it is answered. */
export interface OpenRequest {
  readonly protocol: number
  /** The system's name at this node only, 128 random bits: a peer that knows it can take over its session. */
  readonly system: string
  /** The directory of the system's modules, as a URL; undefined when the node has the same files. */
  readonly root: string | undefined
  readonly threads: number
  readonly heartbeatMs: number
  readonly deadlineMs: number
}

/** A request in another protocol, of which nothing else is known. */
export interface OtherRequest {
  readonly protocol: number
}

/** Whether a request is in this protocol. */
export function isSpoken(request: OpenRequest | OtherRequest): request is OpenRequest {
  return request.protocol === NODE_PROTOCOL
}

/** A message outside the sequence, as one JSON object; lost ones are sent again. */
export interface Bare {
  readonly open?: OpenRequest | OtherRequest
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

/**
 * A message of a system to a node within a session. Each arrives once, in order. Threads have the numbers of their
 * hosts.
 */
export type Order =
  | { readonly kind: 'start'; readonly thread: number; readonly options: StartOptions }
  | {
      readonly kind: 'signal'
      readonly thread: number
      readonly signal: HostSignalDown['signal']
      readonly data: unknown
      readonly terms: RemoteTerms | undefined
    }
  | { readonly kind: 'stop'; readonly thread: number; readonly timeoutMs: number }
  | { readonly kind: 'kill'; readonly thread: number }
  /**
   * Lets the other side of a link connect to the thread, which signals `admitted` then. The system waits for that, and
   * the key is of use for nothing else.
   */
  | { readonly kind: 'admit'; readonly thread: number; readonly link: number; readonly publicKey: string }
  /** The link has ended. */
  | { readonly kind: 'dismiss'; readonly thread: number; readonly link: number }
  | { readonly kind: 'close' }

/** The options for the start of a thread on a node. */
export interface StartOptions {
  /** Whether it learns later which host it is. */
  readonly isSpare: boolean
  /** What a spare thread imports before it is ready. */
  readonly modules: readonly string[]
  readonly name: string
  readonly incarnation: number
  readonly startMs: number
  readonly maxHeapMb: number | undefined
  readonly container: string | undefined
  readonly log: LogOptions | false | undefined
}

/** What the threads of a node signal to the system; where its door is the node says itself. */
type ReportedSignal = Exclude<HostSignalUp['signal'], 'door'>

/** A message of a node to a system within a session. */
export type Report =
  /** The key is that of its door: a node with keys has one for each thread. */
  | {
      readonly kind: 'started'
      readonly thread: number
      readonly endpoint: Endpoint
      readonly doorKey: string | undefined
    }
  | { readonly kind: 'failed'; readonly thread: number; readonly error: Error }
  | { readonly kind: 'signal'; readonly thread: number; readonly signal: ReportedSignal; readonly data: unknown }
  | { readonly kind: 'down'; readonly thread: number; readonly down: DownReport }
  | { readonly kind: 'closed' }

/** How a thread of a node has ended, and what it has left. */
export interface DownReport {
  readonly down: Down
  readonly receipt: ThreadReceipt
  /** Messages that it held for itself, and that died with it. */
  readonly lost: number
  readonly accounts: readonly (readonly [link: number, account: RemoteAccount])[]
  /** What was in its black box. */
  readonly blackBox: Uint8Array
}
