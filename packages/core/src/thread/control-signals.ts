import type { HandOver, Hello, SignalSender } from '../link/signal.js'
import type { Leftovers } from './thread-receipt.js'

// What a thread and the thread that started it signal to each other, on the control link between them. Both may add
// words of their own, which are passed on to the receiver there. A receiver refuses words that it does not know, by `unknownSignal`.

/** What a thread signals to its starter. */
export type SignalUp =
  /** It has connected. Its link says so, and takes it. */
  | Hello
  /** Its start is over. */
  | { readonly signal: 'ready' }
  /** It has done what it had to, and leaves. */
  | { readonly signal: 'stopped'; readonly data: Leftovers }
  /** It wants sockets. */
  | { readonly signal: 'io' }
  /** A word of its user's own; see `ThreadSignals`. */
  | Said
  /** The I/O thread could not open the link to a client. */
  | { readonly signal: 'unserved'; readonly data: { readonly client: number; readonly text: string } }
  /** The I/O thread has closed the sockets of a client that has ended. */
  | { readonly signal: 'left'; readonly data: { readonly client: number } }

/** What a starter signals to its thread. */
export type SignalDown =
  /** Finish what you have, and leave. */
  | { readonly signal: 'stop' }
  /** Here is your end of the link to the I/O thread, handed over; or why there is none. */
  | { readonly signal: 'io'; readonly data?: string }
  /** A word of its user's own; see `ThreadSignals`. */
  | Said
  /** To the I/O thread: here is your end of the link to a client, handed over. */
  | { readonly signal: 'serve'; readonly data: { readonly client: number; readonly thread: string } }
  /** To the I/O thread: a client has ended. */
  | { readonly signal: 'leave'; readonly data: { readonly client: number } }

interface Said {
  readonly signal: 'said'
  readonly data: string
}

/** Signals to the thread that started this one. */
export function signalUp(link: SignalSender<SignalUp>, said: SignalUp): void {
  link.signal(said)
}

/** Signals to a thread that this one has started. */
export function signalDown(link: SignalSender<SignalDown>, said: SignalDown, handOver?: HandOver): void {
  link.signal(said, handOver)
}
