import type { RefHost } from '../model/refs/bound-ref.js'
import type { PendingAsks } from './asks/pending-asks.js'
import type { Origin } from './envelope.js'
import type { MissedBecause, Publication } from './publication.js'
import type { Recipients } from './recipients.js'
import type { SystemClient } from './services/system-client.js'

/** Receives publications on a host. */
export interface PublicationsSink {
  /** Delivers a publication to its subscribers here. Its origin learns when the first begins and when the last is done. */
  fanOut(publication: Publication, origin: Origin, slot: number): void
  /** Makes a dead letter for each actor on a host that should have received a publication. */
  missedBy(host: number, publication: Publication, because: MissedBecause): void
}

/** What a connection needs from its host. */
export interface ConnectionHost {
  /** Sends the messages of refs that arrive here, and holds the waiting asks. */
  readonly messenger: RefHost & { readonly number: number; readonly asks: PendingAsks }
  readonly publications: PublicationsSink
  readonly recipients: Recipients
  readonly system: SystemClient
  /** A host in another process has sent something that no host sends, on the link with this number. */
  faulted(peer: number, link: number, problem: string): void
}
