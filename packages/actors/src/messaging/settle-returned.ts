import { decodeValues, type CodecExtension, type Progress, type Returned } from '@zera/core/internal'
import { FIRST_ACTOR_ID } from '../model/address.js'
import type { LinkError } from '../model/errors.js'
import type { DeadLetterReason } from '../model/events/dead-letter.js'
import type { PeerDown } from '../platform/peer-down.js'
import type { ConnectionHost } from './connection-host.js'
import * as format from './format/message-format.js'
import { fateOf } from './redelivery.js'

/** Where a message came back from. */
export interface ReturnedFrom {
  readonly local: ConnectionHost
  /** The number of the host that did not handle it. */
  readonly host: number
  /** How that host ended; undefined when it has not ended, or never started. */
  readonly peerDown: PeerDown | undefined
  /** Makes the error of one message, when there is no link to it; there may be one later. */
  readonly linkError?: () => LinkError
  readonly codec: CodecExtension
}

/** Where redelivered messages go. */
interface NextIncarnation {
  /** @returns False when that is impossible. */
  sendAhead(message: format.CallBody, redelivered: number, codec: CodecExtension): boolean
}

/** What the end of a host is settled with. */
export interface Settling {
  /** The number of the last ask that was sent there. */
  readonly lastAsk: number
  /** Where to deliver again; undefined when no incarnation follows. */
  readonly next: NextIncarnation | undefined
  /**
   * Called for each message when it is settled. If this thread dies in between, the other messages count as lost, and
   * no message counts twice.
   */
  readonly settled: () => void
}

/**
 * Settles everything that was under way to a host that has gone down. Redelivered messages go to its next incarnation,
 * in order; the senders of the rest learn of it.
 */
export function settleDown(
  returned: readonly Returned[],
  from: ReturnedFrom & { readonly peerDown: PeerDown },
  { lastAsk, next, settled }: Settling,
): void {
  const { local, host, peerDown, codec } = from
  const { asks } = local.messenger
  const again: { readonly message: format.CallBody; readonly redelivered: number; readonly progress: Progress }[] = []
  for (const { body, progress } of returned) {
    const message = body as format.MessageBody
    const fate = fateOf(message, progress, peerDown.redelivery, correlation => asks.isWaiting(correlation))
    if (fate.kind === 'again') again.push({ ...fate, progress })
    else if (fate.kind === 'kept') settled()
    else {
      settleReturned(message, progress, from, fate.kind === 'poison' ? 'poison' : undefined)
      settled()
    }
  }
  const waitOn = new Set<number>()
  // Each goes ahead of those before it, so the last is the first.
  for (const { message, redelivered, progress } of again.toReversed()) {
    if (next?.sendAhead(message, redelivered, codec) === true) waitOn.add(message[5])
    else settleReturned(message, progress, from)
    settled()
  }
  for (const correlation of asks.waitingFor(host)) {
    // A waiting ask that did not come back was handled, and its answer was lost, unless it was refused.
    if (correlation <= lastAsk && !waitOn.has(correlation))
      asks.down(correlation, peerDown.reason, asks.progressWhenRefused(correlation) ?? 'handled', peerDown.error)
  }
}

/** How far a message came before its receiver ended, or before an earlier receiver ended that had begun it. */
export function progressOf(message: format.MessageBody, last: Progress): Progress {
  if (message[0] !== format.TELL && message[0] !== format.ASK && message[0] !== format.OPEN) return last
  return (message[6] ?? 0) > 0 ? 'begun' : last
}

/**
 * Settles a message that came back: a tell becomes a dead letter, and so does an ask whose asker has given up; any
 * other ask rejects. Answers, items and withdrawals no longer matter when the other side has ended, nor do the system's
 * tells to its services there.
 */
export function settleReturned(
  message: format.MessageBody,
  lastProgress: Progress,
  { local, host, peerDown, linkError, codec }: ReturnedFrom,
  reason: DeadLetterReason = linkError !== undefined
    ? 'no-link'
    : peerDown === undefined
      ? 'actor-stopped'
      : 'thread-down',
): void {
  const asks = local.messenger.asks
  const progress = progressOf(message, lastProgress)
  const isWithdrawn =
    (message[0] === format.ASK || message[0] === format.OPEN) &&
    lastProgress === 'not-begun' &&
    !asks.isWaiting(message[5])
  if (message[0] === format.ASK || message[0] === format.OPEN) {
    if (linkError !== undefined) asks.unlinked(message[5], linkError())
    else if (peerDown === undefined) asks.refuse(message[5], { kind: 'stopped' })
    else asks.down(message[5], peerDown.reason, progress, peerDown.error)
  }
  if (message[0] === format.TELL || (message[0] === format.ASK && reason === 'poison') || isWithdrawn) {
    const [, to, from, method, values] = message
    if (to < FIRST_ACTOR_ID || (message[0] === format.TELL && message[5] > 0)) return
    local.system.deadLetter({
      target: { host, id: to },
      sender: from === 0 ? undefined : from,
      method,
      args: decodeValues(values, codec),
      reason: isWithdrawn ? 'withdrawn' : reason,
      progress,
      error: linkError?.() ?? peerDown?.error,
    })
  } else if (message[0] === format.PUBLICATION) {
    const [, key, from, values, topic, traceparent] = message
    const [data] = decodeValues(values, codec)
    const sender = from === 0 ? undefined : { host: local.messenger.number, id: from }
    local.publications.missedBy(
      host,
      { topic, key, from: sender, data, traceparent },
      { reason, progress, error: linkError?.() ?? peerDown?.error },
    )
  }
}
