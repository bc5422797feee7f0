import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { inRootContext } from '../base/runtime/root-context.js'
import { freshEndpoint, type Endpoint } from '../native/endpoint.js'
import { Ledger, LEDGER_BYTES, ledgerMemory, type LedgerReading } from './ledger.js'
import { Meeting } from './meeting/meeting.js'

/**
 * What a thread needs to open its side of a link. Two of them are made together, and each is given to one thread, once.
 *
 * The `bind` side waits for the hello of the `connect` side before it sends.
 */
export interface LinkEnd {
  readonly name: string
  readonly role: 'bind' | 'connect'
  readonly endpoint: Endpoint
  /** Names this link among all that ever join the same two threads; the hello repeats it (hazard H4). */
  readonly incarnation: number
  /** Both ledgers: first of what the `bind` side sends, then of what the `connect` side sends. */
  readonly ledgers: SharedArrayBuffer
  /** The word of the sides' meeting. It has memory of its own, since it is read when the ledgers are no longer read. */
  readonly meeting: SharedArrayBuffer
  /** The words of the peer, for its bell. */
  readonly peerWords: SharedArrayBuffer
  /** The side's end of the handover. To be transferred with the end. */
  readonly handover: MessagePort
}

/** Makes the two ends of a fresh link: the first binds, the second connects. */
export function createLinkEnds(
  name: string,
  incarnation: number,
  bindWords: SharedArrayBuffer,
  connectWords: SharedArrayBuffer,
): [bind: LinkEnd, connect: LinkEnd] {
  const common = {
    name,
    incarnation,
    endpoint: freshEndpoint(name),
    ledgers: ledgerMemory(2),
    meeting: new Meeting().memory,
  }
  const { port1, port2 } = inRootContext(() => new MessageChannel())
  return [
    { ...common, role: 'bind', peerWords: connectWords, handover: port1 },
    { ...common, role: 'connect', peerWords: bindWords, handover: port2 },
  ]
}

/**
 * Messages of a link whose fate can no longer be known: both sides have ended, and neither was left to settle with the
 * other.
 *
 * What one side had settled before it ended, `Outbox.settled`, is not counted, nor what was written off.
 */
export function unsettledMessages({ ledgers }: Pick<LinkEnd, 'ledgers'>): number {
  let messages = 0
  for (let offset = 0; offset < ledgers.byteLength; offset += LEDGER_BYTES)
    messages += new Ledger(ledgers, offset).unsettled
  return messages
}

/** What is to be read of a link's two directions: of what the `bind` side sends, and of what the `connect` side does. */
export function readLedgers(ledgers: SharedArrayBuffer): readonly [ofBind: LedgerReading, ofConnect: LedgerReading] {
  return [new Ledger(ledgers, 0).reading, new Ledger(ledgers, LEDGER_BYTES).reading]
}

/**
 * Takes messages that died with one side, as the other side found, out of the link's account. For the thread that made
 * the link and has learned of them.
 */
export function writeOffMessages({ ledgers }: Pick<LinkEnd, 'ledgers'>, messages: number): void {
  new Ledger(ledgers, 0).writeOff(messages)
}

/** Whether the sides of a link have met, or no longer wait for each other. */
export function haveMet({ meeting }: Pick<LinkEnd, 'meeting'>): boolean {
  return new Meeting(meeting).hasHappened
}

/** The ledgers of a side's two directions. */
export function ledgersOf(end: LinkEnd): { readonly outgoing: Ledger; readonly incoming: Ledger } {
  const [ofBind, ofConnect] = [new Ledger(end.ledgers, 0), new Ledger(end.ledgers, LEDGER_BYTES)]
  return end.role === 'bind' ? { outgoing: ofBind, incoming: ofConnect } : { outgoing: ofConnect, incoming: ofBind }
}
