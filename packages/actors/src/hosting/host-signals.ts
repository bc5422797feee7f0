import type { LinkEnd, Signal } from '@zera/core'
import type { PeerDown } from '../connection-host.js'
import type { Host } from '../host.js'

/** What the main thread signals to a host; `linked` hands the end over. */
export type HostSignal =
  | { readonly signal: 'linked'; readonly data: { readonly peer: number } }
  | { readonly signal: 'down'; readonly data: { readonly peer: number } & Pick<PeerDown, 'reason' | 'redelivery'> }
  | { readonly signal: 'gone'; readonly data: { readonly peer: number } }

/** Does what the main thread signals. */
export function takeSignal(host: Host, received: Signal, handedOver: unknown): void {
  const { signal, data } = received as Signal & HostSignal
  if (signal === 'linked') host.peers.linked(data.peer, handedOver as LinkEnd)
  else if (signal === 'down') host.peers.down(data.peer, { reason: data.reason, error: undefined, redelivery: data.redelivery })
  else host.peers.gone(data.peer)
}
