/** The socket types of ZeroMQ. */
export type SocketType =
  | 'PAIR'
  | 'REQ'
  | 'REP'
  | 'DEALER'
  | 'ROUTER'
  | 'PUB'
  | 'SUB'
  | 'XPUB'
  | 'XSUB'
  | 'PUSH'
  | 'PULL'
  | 'STREAM'

/** What a socket type can do. */
export interface SocketTraits {
  /** The types that it may be plugged to. A peer silently refuses all others, so they are listed here. */
  readonly peers: readonly SocketType[]
  readonly sends: boolean
  readonly receives: boolean
  /** Whether sends and receives take turns, so that Zera may not receive ahead of the program. */
  readonly takesTurns: boolean
  /**
   * What becomes of a message when its peer is at the high-water mark. `'waits'`: the send waits for room as long as
   * `sendTimeout` allows, and is then refused. `'drops'`: the message is dropped for that peer; `statistics.dropped`
   * says how far this is known. `'refuses'`: the send is refused at once.
   */
  readonly atHighWaterMark: 'waits' | 'drops' | 'refuses' | 'sends-nothing'
}

const both = { sends: true, receives: true, takesTurns: false, atHighWaterMark: 'waits' } as const
const turns = { ...both, takesTurns: true } as const
const sends = { ...both, receives: false } as const
const receives = { ...both, sends: false, atHighWaterMark: 'sends-nothing' } as const

/** Every type and what it can do, according to the ZeroMQ reference (zmq_socket). */
export const SOCKET_TRAITS: Readonly<Record<SocketType, SocketTraits>> = {
  PAIR: { ...both, peers: ['PAIR'] },
  REQ: { ...turns, peers: ['REP', 'ROUTER'] },
  REP: { ...turns, atHighWaterMark: 'drops', peers: ['REQ', 'DEALER'] },
  DEALER: { ...both, peers: ['REP', 'DEALER', 'ROUTER'] },
  // Without `mandatory` it drops.
  ROUTER: { ...both, peers: ['REQ', 'DEALER', 'ROUTER'] },
  // With `noDrop` they wait.
  PUB: { ...sends, atHighWaterMark: 'drops', peers: ['SUB', 'XSUB'] },
  SUB: { ...receives, peers: ['PUB', 'XPUB'] },
  XPUB: { ...both, atHighWaterMark: 'drops', peers: ['SUB', 'XSUB'] },
  XSUB: { ...both, atHighWaterMark: 'drops', peers: ['PUB', 'XPUB'] },
  PUSH: { ...sends, peers: ['PULL'] },
  PULL: { ...receives, peers: ['PUSH'] },
  STREAM: { ...both, atHighWaterMark: 'refuses', peers: [] },
}
