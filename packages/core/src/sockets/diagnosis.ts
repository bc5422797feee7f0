import type { SocketType } from '../native/socket-type.js'

/** Why messages go missing: the causes in the guide's chart that Zera does not prevent. */
export type Cause =
  /** A SUB that is plugged in has no subscription, so it receives nothing. It counts once. */
  | 'no-subscription'
  /** Messages that a PUB published without any subscriber: its subscribers came late, or not at all. */
  | 'late-joiner'
  /** Calls that a REQ or REP refused because they came out of turn. */
  | 'out-of-turn'
  /**
   * Messages that a PUSH sent while it had a single PULL, before others connected. Peers in other processes are not
   * visible here.
   */
  | 'first-puller'
  /**
   * Messages of a ROUTER or STREAM to an identity that no peer had: refused, or dropped when the socket is not
   * mandatory.
   */
  | 'unknown-identity'
  /**
   * Messages that found no room: refused, or dropped. At a PUB or XPUB it counts how often a subscriber was full; each
   * time costs that subscriber at least one message.
   */
  | 'high-water'

/** The socket that a finding concerns. */
interface PatientSocket {
  /** Its type and its number within its thread, as in `openResources()`. */
  readonly name: string
  readonly type: SocketType
  /** The thread that owns it, or did. */
  readonly thread: string
  /** Where it is plugged in, or was when it was closed. */
  readonly endpoints: readonly string[]
  readonly isClosed: boolean
}

/** One way in which messages of a socket went missing, or may have. */
export interface Finding {
  readonly cause: Cause
  /** How often, in the unit of its cause. It never decreases while the socket is open. */
  readonly count: number
  readonly socket: PatientSocket
  /** What to do, in a sentence. */
  readonly remedy: string
}

/** The result of `doctor()`: plain data. */
export interface Diagnosis {
  readonly findings: readonly Finding[]
}

/** What to do about each cause. */
export const REMEDIES: Readonly<Record<Cause, string>> = {
  'no-subscription': "Call subscribe(''), or subscribe to a prefix, before the first message is due",
  'late-joiner': 'Begin to publish when the subscribers have proved that they receive, as the example syncpub does',
  'out-of-turn': 'Let REQ send, then receive, and REP receive, then send; use DEALER and ROUTER to do it in any order',
  'first-puller':
    'Begin to send when all workers are connected, as the example taskvent does, or have them ask for work over ROUTER',
  'unknown-identity':
    'Send to identities that were received in a message, and wait for peers that come back; see HostUnreachableError',
  'high-water':
    'Await sends and slow down, receive faster or in more places, or raise sendHighWaterMark and receiveHighWaterMark; a publisher that must not drop has noDrop',
}

/** Renders a diagnosis for people: one line per finding, with the remedy below it. */
export function renderDiagnosis({ findings }: Diagnosis): string {
  if (findings.length === 0) return 'No message is known to be missing'
  const lines = findings.map(({ cause, count, socket, remedy }) => {
    const places = socket.endpoints.length === 0 ? '' : ` at ${socket.endpoints.join(', ')}`
    return `${cause} (${count}): ${socket.name} of ${socket.thread}${places}${socket.isClosed ? ', closed' : ''}\n  ${remedy}`
  })
  return lines.join('\n')
}
