import type { Frame } from '@zera/core'
import type { BrokerFault } from '../../base/errors.js'

/**
 * The first frame of a body that is an error: `["ZERA-ERROR"] [fault] [text]`. The other frames of the reply are as in
 * any other.
 */
const MARK = 'ZERA-ERROR'
const LONGEST_FAULT = 32

const FAULTS: Readonly<Record<BrokerFault, true>> = {
  'no-worker': true,
  expired: true,
  'queue-full': true,
  'worker-lost': true,
  'too-large': true,
  stopping: true,
  failed: true,
}

/** The body of an error reply. */
export function writeErrorReply(fault: BrokerFault, text: string): Frame[] {
  return [MARK, fault, text]
}

/** Bytes of a text that are read. */
const MOST_TEXT_BYTES = 4096

/**
 * Reads the body of a reply of `startServer` or of a broker. Returns the error when the body is one, and undefined for
 * every other reply. `fault` is for programs, `text` for people, cut to 4,096 bytes. It never throws, whatever the body
 * is. `BrokerClient` reads errors itself, and rejects with a BrokerReplyError.
 */
export function readErrorReply(
  body: readonly Buffer[],
): { readonly fault: BrokerFault; readonly text: string } | undefined {
  const [mark, name, text] = body
  if (
    body.length !== 3 ||
    mark?.length !== MARK.length ||
    mark.toString() !== MARK ||
    (name?.length ?? 0) > LONGEST_FAULT
  )
    return undefined
  const fault = name?.toString() ?? ''
  return Object.hasOwn(FAULTS, fault)
    ? { fault: fault as BrokerFault, text: text?.toString('utf8', 0, MOST_TEXT_BYTES) ?? '' }
    : undefined
}
