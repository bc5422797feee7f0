import { MalformedMessageError } from '@zera/core/internal'
import type { RefData } from '../../model/refs/ref.js'
import { MOST_STREAM_CREDIT } from '../streams/stream-window.js'
import { isTraceparent } from '../tracing/trace-context.js'
import * as format from './message-format.js'

/** What is wrong with a message is said in fewer characters. */
const LONGEST_PROBLEM = 1000

const REFUSALS: ReadonlySet<unknown> = new Set<format.UnreachedBody[2]>([
  'stopped',
  'stopping',
  'interrupted',
  'restarted',
  'mailbox-full',
  'unknown-method',
])

/**
 * Checks what has arrived from a host in another process, before anything uses it. A host in this process runs the same
 * code, and sends only valid messages.
 *
 * @throws {MalformedMessageError} When no host sends such a message.
 */
export function expectBody(body: unknown): asserts body is format.MessageBody {
  if (!Array.isArray(body)) throw new MalformedMessageError('it is no message of a host')
  if (!isBody(body)) throw new MalformedMessageError('it is a message of an unknown kind, or lacks a part')
}

/** Whether a value can be the parts of a ref. */
export function isRefData(data: unknown): data is RefData {
  const { host, id, name, url, definition, cancel } = (data ?? {}) as Partial<Record<keyof RefData, unknown>>
  return (
    Number.isSafeInteger(host) &&
    (host as number) >= -1 &&
    isCount(id) &&
    [name, url, definition].every(text => typeof text === 'string') &&
    (cancel === undefined || typeof cancel === 'object')
  )
}

function isBody(body: readonly unknown[]): boolean {
  const [kind, second, third, fourth, fifth, sixth, seventh, eighth, ninth] = body
  switch (kind) {
    case format.TELL:
    case format.ASK:
    case format.OPEN:
      return (
        isCount(second) &&
        isCount(third) &&
        typeof fourth === 'string' &&
        isValues(fifth) &&
        isCount(sixth) &&
        (sixth > 0 || kind === format.TELL) &&
        (seventh === undefined || isCount(seventh)) &&
        (eighth === null || isTrace(eighth)) &&
        (ninth === undefined || (typeof ninth === 'string' && kind === format.ASK))
      )
    case format.ANSWER:
    case format.THREW:
    case format.ITEM:
      return isCount(second) && isValues(third)
    case format.UNREACHED:
      return isCount(second) && REFUSALS.has(third) && (fourth === undefined || isShort(fourth))
    case format.WITHDRAW:
      return isCount(second)
    case format.MORE:
      return isCount(second) && isCount(third) && isCount(fourth) && fourth <= MOST_STREAM_CREDIT
    case format.PUBLICATION:
      return (
        typeof second === 'string' && isCount(third) && isValues(fourth) && typeof fifth === 'string' && isTrace(sixth)
      )
    default:
      return false
  }
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_PROBLEM
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** The codec looks at the rest of them. */
function isValues(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** It goes on with what is sent while its message is handled, as it is. */
function isTrace(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isTraceparent(value))
}
