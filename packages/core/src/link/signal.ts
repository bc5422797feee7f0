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

/** Whether a frame is a signal; the others are batches of messages, which are JSON arrays. */
export function isSignalFrame(frame: string): boolean {
  return frame.startsWith('{')
}
