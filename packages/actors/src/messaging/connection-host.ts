import type { DownReason, RemoteAccount } from '@zera/core/internal'
import type { Address } from '../model/address.js'
import type { DeadLetter, DeadLetterReason } from '../model/events/dead-letter.js'
import type { RefHost } from '../model/refs/bound-ref.js'
import type { PendingAsks } from './asks/pending-asks.js'
import type { Origin } from './envelope.js'
import type { Recipients } from './recipients.js'
import type { Redelivery } from './redelivery.js'
import type { SystemClient } from './services/system-client.js'

/** What a publication is made of, as it arrives. */
export interface Publication {
  readonly topic: string
  readonly key: string
  /** Who published it, if it was an actor. */
  readonly from: Address | undefined
  readonly data: unknown
  readonly traceparent: string | undefined
}

/** What takes publications on a host. */
export interface PublicationsSink {
  /**
   * Gives a publication to the actors here that hear it. Its origin is told when the first begins and when the last is
   * done.
   */
  fanOut(publication: Publication, origin: Origin, slot: number): void
  /** Makes a dead letter for each actor on a host that should have heard a publication. */
  missedBy(
    host: number,
    topic: string,
    key: string,
    data: unknown,
    reason: DeadLetterReason,
    how: Partial<DeadLetter>,
  ): void
}

/** What a connection needs of the host that it belongs to. */
export interface ConnectionHost {
  /** Sends what refs that arrive here are given, and has the asks that wait. */
  readonly messenger: RefHost & { readonly asks: PendingAsks }
  readonly publications: PublicationsSink
  readonly recipients: Recipients
  readonly system: SystemClient
  /** A host in another process has sent what no host sends, on the link with this number. */
  faulted(peer: number, link: number, problem: string): void
}

/** How the other host ended. */
export interface PeerDown {
  readonly reason: DownReason
  readonly error: Error | undefined
  /** What is delivered again, when another incarnation follows. */
  readonly redelivery?: Redelivery | undefined
  /** What is known of its side of the link, when that was between two processes and its own has not ended. */
  readonly account?: RemoteAccount | undefined
}
