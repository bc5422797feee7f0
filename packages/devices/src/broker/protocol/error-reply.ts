import type { Frame } from '@zera/core'

/** Why a request got an error for a reply. */
export type BrokerFault =
  /** No worker of the service was there until the request's time was over. */
  | 'no-worker'
  /** Its time was over: it waited behind others, or its worker took too long. */
  | 'expired'
  /** As many requests wait for the service, or as many bytes of requests in all, as may; or as many services are known as may be. */
  | 'queue-full'
  /** As many workers as may be tried were lost while they had it; or one that had sent a part of the reply. */
  | 'worker-lost'
  /** The request or the reply is larger than messages may be. A client that speaks 0.1 gets partial replies as one, so they count together. */
  | 'too-large'
  /** The broker is stopping. */
  | 'stopping'
  /** The worker's own handler failed. The text names the incident by which whoever runs the worker finds the reason; or it is that of an error with `expose: true`. */
  | 'failed'

/** The first frame of a body that is an error: `["ZERA-ERROR"] [fault] [text]`. The other frames of the reply are as in any other. */
const MARK = 'ZERA-ERROR'
const LONGEST_FAULT = 32

const FAULTS: Readonly<Record<BrokerFault, true>> = {
  'no-worker': true, expired: true, 'queue-full': true, 'worker-lost': true, 'too-large': true, stopping: true, failed: true,
}

/** The body of an error reply. */
export function writeErrorReply(fault: BrokerFault, text: string): Frame[] {
  return [MARK, fault, text]
}

/** Bytes of a text that are read. */
const MOST_TEXT_BYTES = 4096

/** The error in the body of a reply; undefined when the reply is none. */
export function readErrorReply(body: readonly Buffer[]): { readonly fault: BrokerFault; readonly text: string } | undefined {
  const [mark, name, text] = body
  if (body.length !== 3 || mark?.length !== MARK.length || mark.toString() !== MARK || (name?.length ?? 0) > LONGEST_FAULT) return undefined
  const fault = name?.toString() ?? ''
  return Object.hasOwn(FAULTS, fault) ? { fault: fault as BrokerFault, text: text?.toString('utf8', 0, MOST_TEXT_BYTES) ?? '' } : undefined
}
