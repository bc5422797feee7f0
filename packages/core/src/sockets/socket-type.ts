/** The socket types of ZeroMQ. */
export type SocketType = 'PAIR' | 'REQ' | 'REP' | 'DEALER' | 'ROUTER' | 'PUB' | 'SUB' | 'XPUB' | 'XSUB' | 'PUSH' | 'PULL' | 'STREAM'

/** What a socket type can do. */
export interface SocketTraits {
  /** The types that it may be plugged to. Others are refused by the peer in silence, so they are named here. */
  readonly peers: readonly SocketType[]
  readonly sends: boolean
  readonly receives: boolean
  /** Whether sends and receives take turns, so that nothing may be received ahead of the program. */
  readonly takesTurns: boolean
}

const both = { sends: true, receives: true, takesTurns: false }
const turns = { sends: true, receives: true, takesTurns: true }
const sends = { sends: true, receives: false, takesTurns: false }
const receives = { sends: false, receives: true, takesTurns: false }

/** Every type with what it can do, as the ZeroMQ reference (zmq_socket) has it. */
export const SOCKET_TRAITS: Readonly<Record<SocketType, SocketTraits>> = {
  PAIR: { ...both, peers: ['PAIR'] },
  REQ: { ...turns, peers: ['REP', 'ROUTER'] },
  REP: { ...turns, peers: ['REQ', 'DEALER'] },
  DEALER: { ...both, peers: ['REP', 'DEALER', 'ROUTER'] },
  ROUTER: { ...both, peers: ['REQ', 'DEALER', 'ROUTER'] },
  PUB: { ...sends, peers: ['SUB', 'XSUB'] },
  SUB: { ...receives, peers: ['PUB', 'XPUB'] },
  XPUB: { ...both, peers: ['SUB', 'XSUB'] },
  XSUB: { ...both, peers: ['PUB', 'XPUB'] },
  PUSH: { ...sends, peers: ['PULL'] },
  PULL: { ...receives, peers: ['PUSH'] },
  STREAM: { ...both, peers: [] },
}
