import {
  endMeeting,
  haveMet,
  Link,
  noteLink,
  reactor,
  RemoteLink,
  RemoteSockets,
  roomForLink,
  unsettledMessages,
  words,
  writeOffMessages,
  type LinkBlocks,
  type LinkEnd,
  type LinkOutbox,
  type LinkReceiver,
  type Remains,
  type RemoteAccount,
  type RemoteEnd,
} from '@zera/core/internal'
import { linkRefusal, type LinkRefusal } from '../model/errors.js'

/** The number of the first host in another process; the hosts of the system's own process have lower ones. */
export const FIRST_REMOTE_HOST = 1_000_000

/** What a host gets to open its side of a link: to a thread of its own process, or of another. */
export type HostEnd = LinkEnd | RemoteEnd

/** One side of a connection between two hosts, as `Link` and `RemoteLink` give it. */
export interface HostLink extends Pick<Link, 'begin' | 'finish' | 'close' | 'isClosed'> {
  readonly outbox: LinkOutbox
  readonly blocks: LinkBlocks
  /** Whether the other side is in another process, which may not run the same code. */
  readonly isRemote?: boolean
  /** The other side, in another process, admits this one. */
  admitted?(): void
  open(end: HostEnd): void
  /** @param account What is known about a peer in another process that has ended. */
  drained(account?: RemoteAccount): Promise<void>
  takeRemains(account?: RemoteAccount): Remains
}

/** How hosts reach each other. All traffic between hosts passes here, so that a test can replace it with a simulation. */
export interface Transport {
  /**
   * Makes a link that can be posted to at once, and that sends when it is opened.
   *
   * @param peer The number of the other host.
   */
  createLink(name: string, receiver: LinkReceiver, peer: number): HostLink
  /** Counts messages that this host has accepted and that are on no link: they die with its thread. */
  hold(messages: number): void
  /** Why no more links can be made now; undefined when they can. */
  refuseLink(): LinkRefusal | undefined
  /** A link was made for two hosts, which are about to get it. */
  noteLink(end: HostEnd): void
  /** Whether the two sides of a link have met, or neither waits for the other any more. */
  haveMet(end: HostEnd): boolean
  /** Both sides of a link have ended. */
  endMeeting(end: HostEnd): void
  /** Messages of a link whose hosts have both died, so that neither could report their fate. */
  unsettled(end: HostEnd): number
  /** Takes messages out of that account that one of the hosts turned out to have lost. */
  writeOff(end: HostEnd, messages: number): void
  /** Closes what its links had open besides themselves, when they are closed. */
  close(): Promise<void>
}

/** Releases an end that will never be opened. */
export function discardEnd(end: HostEnd): void {
  if (isInProcess(end)) end.handover.close()
}

function isInProcess(end: HostEnd): end is LinkEnd {
  return 'handover' in end
}

/**
 * Links over PAIR sockets to the threads of this process, and over ipc or tcp to those of other processes. Nothing is
 * opened for the latter before the first link.
 *
 * @param sockets The sockets of a thread of a node. It talks to all others as any two processes do: nothing there makes
 *   links for them.
 */
export function openTransport(sockets?: RemoteSockets): Transport {
  let opened = sockets
  const plug: RemoteSockets['plug'] = (end, take) => (opened ??= new RemoteSockets()).plug(end, take)
  return {
    createLink: (name, receiver, peer) =>
      sockets !== undefined || peer >= FIRST_REMOTE_HOST
        ? new RemoteLink(name, reactor, receiver, plug)
        : new Link(name, reactor, receiver),
    hold: messages => words.hold(messages),
    refuseLink: () => {
      const room = roomForLink()
      return room === undefined ? undefined : linkRefusal(room)
    },
    noteLink: end => {
      if (isInProcess(end)) noteLink(end)
    },
    haveMet: end => !isInProcess(end) || haveMet(end),
    endMeeting: end => {
      if (isInProcess(end)) endMeeting(end)
    },
    unsettled: unsettledMessages,
    writeOff: writeOffMessages,
    close: async () => opened?.close(),
  }
}
