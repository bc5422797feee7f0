import type { DownReason, RemoteAccount } from '@zera/core/internal'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { Publications } from '../host/directory/publications.js'
import type { Roster } from '../host/directory/roster.js'
import type { Envelope } from './envelope.js'
import type { Messenger } from './messenger.js'
import type { Redelivery } from './redelivery.js'

/** What a connection needs of the host that it belongs to. */
export interface ConnectionHost {
  readonly messenger: Messenger
  readonly roster: Roster
  readonly publications: Publications
  receive(envelope: Envelope): void
  withdraw(envelope: Envelope): void
  recordDeadLetter(letter: DeadLetter): void
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
