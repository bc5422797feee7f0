import { decodeValues, type CodecExtension, type Progress } from '@zera/core'
import { FIRST_ACTOR_ID } from './address.js'
import type { ConnectionHost, PeerDown } from './connection-host.js'
import type { DeadLetterReason } from './dead-letter.js'
import * as wire from './wire.js'

/** Where a message came back from. */
export interface ReturnedFrom {
  readonly local: ConnectionHost
  /** The number of the host that did not handle it. */
  readonly host: number
  /** How that host ended; undefined when it never came. */
  readonly peerDown: PeerDown | undefined
  readonly codec: CodecExtension
}

/**
 * Settles a message that came back: a tell becomes a dead letter, an ask rejects. Answers, items and withdrawals concern nobody when the other side has ended, nor does what
 * the system told one of its services there.
 */
export function settleReturned(
  message: wire.WireBody,
  progress: Progress,
  { local, host, peerDown, codec }: ReturnedFrom,
  reason: DeadLetterReason = peerDown === undefined ? 'actor-stopped' : 'thread-down',
): void {
  const asks = local.messenger.asks
  if (message[0] === wire.ASK || message[0] === wire.OPEN) {
    if (peerDown === undefined) asks.refuse(message[5], { kind: 'stopped' })
    else asks.down(message[5], peerDown.reason, progress, peerDown.error)
  }
  if (message[0] === wire.TELL || (message[0] === wire.ASK && reason === 'poison')) {
    const [, to, from, method, values] = message
    if (to < FIRST_ACTOR_ID) return
    local.recordDeadLetter({
      target: { host, id: to },
      sender: from === 0 ? undefined : from,
      method,
      args: decodeValues(values, codec),
      reason,
      progress,
      error: peerDown?.error,
    })
  } else if (message[0] === wire.PUBLICATION) {
    const [, key, from, values, topic] = message
    const how = { sender: from === 0 ? undefined : from, progress, error: peerDown?.error }
    const hearers = local.roster.hearersOf(topic, key).get(host) ?? []
    local.publications.missed(host, hearers, key, decodeValues(values, codec)[0], reason, how)
  }
}
