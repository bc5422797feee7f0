import type { Transferable } from 'node:worker_threads'
import { MalformedMessageError } from '../codec/malformed-message-error.js'

/**
 * A small control message on a link. Signals overtake messages that wait for a slot, and take none themselves; their
 * senders send few.
 */
export interface Signal {
  /** What it says: `hello`, or a word of the link's owners; those of threads are in `thread/control-signals.ts`. */
  readonly signal: string
  /** What belongs to it: plain data that JSON carries. */
  readonly data?: unknown
  /** The ticket of what was handed over with it, if anything was. */
  readonly ticket?: number
}

/** What the connecting side of a link says first: which incarnation it belongs to. */
export interface Hello {
  readonly signal: 'hello'
  readonly data: number
}

/** What a signal hands over: shared memory, and the ports to transfer with it. */
export interface HandOver {
  readonly content: unknown
  readonly transfer?: readonly Transferable[]
}

/** Where signals leave; `S` are those that its two owners have agreed on. */
export interface SignalSender<S extends Signal = Signal, H extends HandOver = HandOver> {
  signal(said: S, handOver?: H): void
}

/** The error about a signal that its receiver does not know. Throw it there: one version of Zera says none. */
export function unknownSignal({ signal }: Signal, receiver: string): MalformedMessageError {
  return new MalformedMessageError(`${JSON.stringify(signal.slice(0, 40))} is no signal for ${receiver}`)
}

/** Whether a frame is a signal; the others are batches of messages, which are JSON arrays. */
export function isSignalFrame(frame: string): boolean {
  return frame.startsWith('{')
}
