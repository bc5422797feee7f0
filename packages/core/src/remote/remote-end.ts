import { createKeys, type CurveKeys } from '../curve/keys.js'
import { Ledger, ledgerMemory } from '../link/ledger.js'
import type { Endpoint } from '../native/endpoint.js'
import { ARRIVALS_BYTES, RemoteArrivals } from './remote-arrivals.js'

/** Bytes of chance in the token of a link. It travels as twice as many digits, and nothing else is one. */
const TOKEN_BYTES = 16
export const TOKEN_CHARS = 2 * TOKEN_BYTES

/** What both sides of a remote link know: plain data that travels between processes, and so holds no secret key. */
export interface RemoteTerms {
  readonly name: string
  /** Names this link among all that ever join the same two threads. */
  readonly incarnation: number
  /**
   * The side that knows it is the other side of the link: 32 random digits, which the connecting side uses as its
   * routing id.
   */
  readonly token: string
  readonly role: 'bind' | 'connect'
  /** Where the connecting side connects. */
  readonly endpoint: Endpoint
  /**
   * The public key of the door; undefined where nothing is encrypted. With it the connecting side has keys of its own
   * for this link, and connects when the door has admitted the public one.
   */
  readonly doorKey?: string
}

/** What a thread needs to open its side of a link to a thread of another process. */
export interface RemoteEnd extends RemoteTerms {
  /**
   * Those of a side that connects to a door with a key, for this link alone. They were made in the process that uses
   * them, and never leave it.
   */
  readonly keys?: CurveKeys
  /** The ledger of what this side sends; it outlives the thread in its own process. */
  readonly ledgers: SharedArrayBuffer
  /** What has arrived at this side, and how far each of it has come. */
  readonly arrivals: SharedArrayBuffer
}

/** What is known of one side of a remote link when its thread has ended, and its process has not: plain data. */
export interface RemoteAccount {
  /** Messages that it had accepted for the other side, ever. */
  readonly accepted: number
  /** Frames that it had received. */
  readonly received: number
  /**
   * The slots of messages that had arrived and were not begun, and of those that were begun and not finished. All
   * others that had arrived were handled.
   */
  readonly unbegun: readonly number[]
  readonly begun: readonly number[]
  /** The slots of messages that were finished without being begun, the last of each slot. */
  readonly refused: readonly number[]
}

/** Makes up the terms of a link between two threads: first those of the side that binds. */
export function remoteTerms(
  name: string,
  incarnation: number,
  endpoint: Endpoint,
  doorKey: string | undefined,
): [bind: RemoteTerms, connect: RemoteTerms] {
  // Every thread imports this module, and loading it takes milliseconds.
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const common = { name, incarnation, endpoint, token: randomBytes(TOKEN_BYTES).toString('hex') }
  return [
    { ...common, role: 'bind' },
    { ...common, role: 'connect', ...(doorKey === undefined ? {} : { doorKey }) },
  ]
}

/**
 * Gives a side what it has to itself, in the process of its thread: the memory of its accounts, and the keys of one
 * that connects to a door with a key.
 */
export function remoteEnd(terms: RemoteTerms): RemoteEnd {
  const isEncrypted = terms.role === 'connect' && terms.doorKey !== undefined
  return {
    ...terms,
    ...(isEncrypted ? { keys: createKeys() } : {}),
    ledgers: ledgerMemory(1),
    arrivals: new SharedArrayBuffer(ARRIVALS_BYTES),
  }
}

/** What a side's memory says when its thread has ended. */
export function accountOf({ ledgers, arrivals: memory }: Pick<RemoteEnd, 'ledgers' | 'arrivals'>): RemoteAccount {
  const arrivals = new RemoteArrivals(memory)
  return { accepted: new Ledger(ledgers, 0).accepted, received: arrivals.received, ...arrivals.states }
}
