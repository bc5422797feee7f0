import type { HandOver, RemoteTerms, SignalSender } from '@zera/core/internal'
import type { LinkRefusal } from '../model/errors.js'
import type { HostPlace } from './host-seed.js'
import type { PeerDown } from './peer-down.js'
import type { HostEnd } from './transport.js'

// The signals between hosts and the main thread, on the control link between them, in addition to those of all threads.

/** The signals of a host, or of its node, to the main thread. */
export type HostSignalUp =
  /** It has messages for another host, but no link to it. */
  | { readonly signal: 'introduce'; readonly data: { readonly peer: number } }
  /** It cannot open its side of a link. */
  | {
      readonly signal: 'sever'
      readonly data: { readonly peer: number; readonly link: number; readonly refusal: LinkRefusal }
    }
  /** A host in another process has sent something that no host sends. */
  | {
      readonly signal: 'faulted'
      readonly data: { readonly peer: number; readonly link: number; readonly problem: string }
    }
  /** The side of a link that connects has made its keys. */
  | { readonly signal: 'keyed'; readonly data: { readonly link: number; readonly publicKey: string } }
  /** The side of a link that binds admits the other one. */
  | { readonly signal: 'admitted'; readonly data: { readonly link: number } }
  /** Only to the process of its node: where others reach it. */
  | { readonly signal: 'door'; readonly data: string }

/** The signals of the main thread to a host. */
export type HostSignalDown =
  /** To a spare thread: become the host whose place is passed along. */
  | { readonly signal: 'assume' }
  /** To a spare thread: you will have to import this module. */
  | { readonly signal: 'preload'; readonly data: { readonly url: string } }
  /** Your end of the link to another host is passed along. */
  | { readonly signal: 'linked'; readonly data: { readonly peer: number } }
  /** The other side of a link, in another process, admits you. */
  | { readonly signal: 'admitted'; readonly data: { readonly peer: number; readonly link: number } }
  /** The other side of a link could not be opened. */
  | {
      readonly signal: 'severed'
      readonly data: { readonly peer: number; readonly link: number; readonly refusal: LinkRefusal }
    }
  /** Another host went down. Another incarnation may follow. */
  | {
      readonly signal: 'down'
      readonly data: { readonly peer: number } & Pick<PeerDown, 'reason' | 'redelivery' | 'account'>
    }
  /** Another host is gone, and none replaces it. */
  | { readonly signal: 'gone'; readonly data: { readonly peer: number } }

/** What goes along with a signal to a host. */
export type HandedToHost = HandOver & { readonly content: HostPlace | HostEnd | RemoteTerms }

/** Where the main thread signals to a host. */
export type HostControl = SignalSender<HostSignalDown, HandedToHost>

/** Signals to the main thread. */
export function signalMain(link: SignalSender<HostSignalUp>, said: HostSignalUp): void {
  link.signal(said)
}

/** Signals to the thread of a host. */
export function signalHost(link: HostControl, said: HostSignalDown, handOver?: HandedToHost): void {
  link.signal(said, handOver)
}
