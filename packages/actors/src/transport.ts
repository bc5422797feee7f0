import { Link, reactor, unsettledMessages, words, writeOffMessages, type LinkBlocks, type LinkEnd, type LinkReceiver } from '@zera/core'

/** One side of a connection between two hosts, as `Link` gives it. */
export type HostLink = Pick<
  Link,
  'open' | 'backlog' | 'post' | 'batchFor' | 'postRow' | 'postAlways' | 'postAhead' | 'postReply' | 'ready' | 'begin' | 'finish' | 'drained' | 'takeRemains' | 'settled' | 'close' | 'isClosed'
> & { readonly blocks: LinkBlocks }

/** How hosts reach each other. Everything that hosts say to each other passes here, so that a test can put a simulation in its place. */
export interface Transport {
  /** Makes a link that can be posted to at once, and that sends when it is opened. */
  createLink(name: string, receiver: LinkReceiver): HostLink
  /** Counts messages that this host has accepted and that are on no link: they die with its thread. */
  hold(messages: number): void
  /** Messages of a link whose hosts have both died, of which nobody was left to say what became. */
  unsettled(end: LinkEnd): number
  /** Takes messages out of that account which one of them was found to have lost. */
  writeOff(end: LinkEnd, messages: number): void
}

/** Links over PAIR sockets between the threads of this process. */
export const threadTransport: Transport = {
  createLink: (name, receiver) => new Link(name, reactor, receiver),
  hold: messages => words.hold(messages),
  unsettled: unsettledMessages,
  writeOff: writeOffMessages,
}
