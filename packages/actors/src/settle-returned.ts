import { decodeValues, type CodecExtension, type Returned } from '@zera/core'
import type { ConnectionHost, PeerDown } from './connection-host.js'
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

/** Settles a message that came back: a tell becomes a dead letter, an ask rejects. Answers, items and withdrawals concern nobody when the other side has ended. */
export function settleReturned({ body, progress }: Returned, { local, host, peerDown, codec }: ReturnedFrom): void {
  const message = body as wire.WireBody
  if (message[0] === wire.ASK || message[0] === wire.OPEN) {
    if (peerDown === undefined) local.messenger.asks.refuse(message[5], { kind: 'stopped' })
    else local.messenger.asks.down(message[5], peerDown.reason, progress, peerDown.error)
  } else if (message[0] === wire.TELL) {
    const [, to, from, method, values] = message
    local.recordDeadLetter({
      target: { host, id: to },
      sender: from === 0 ? undefined : from,
      method,
      args: decodeValues(values, codec),
      reason: peerDown === undefined ? 'actor-stopped' : 'thread-down',
      progress,
      error: peerDown?.error,
    })
  } else if (message[0] === wire.PUBLICATION) {
    const [, key, from, values, topic] = message
    const how = { sender: from === 0 ? undefined : from, progress, error: peerDown?.error }
    const hearers = local.roster.hearersOf(topic, key).get(host) ?? []
    local.publications.missed(host, hearers, key, decodeValues(values, codec)[0], peerDown === undefined ? 'actor-stopped' : 'thread-down', how)
  }
}
