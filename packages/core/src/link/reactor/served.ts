import { throwUncaught } from '../../base/errors/uncaught.js'
import type { RawFrame } from '../../native/pair-socket.js'

/** What has something to send at the end of a turn. */
export interface Flushable {
  /** Sends what may be sent. */
  flush(): void
  /** Sends nothing more. */
  close(): void
}

/** A link, as the reactor serves it. */
export interface Served extends Flushable {
  /** Whether frames have come that were not received yet. */
  readonly hasFrames: boolean
  /** Whether slots that the peer gives back are awaited here. */
  readonly awaitsSlots: boolean
  /** The number of the last frame that the peer has sent. */
  readonly lastFrame: number
  /** Whether a frame of that number is yet to be received. */
  lacks(frame: number): boolean
  /** Takes a frame that has come out of its socket. */
  receive(): Promise<RawFrame>
  /** Passes on what the frame holds. */
  pass(frame: RawFrame): void
  /** Whether the peer is worth a ring while there is more to do here: it has got back half of what it has sent. */
  readonly isRingDue: boolean
  /** Wakes the peer. */
  ringPeer(): void
}

/**
 * A link that cannot be read, or written to, must not stop the others: it is closed, and its error belongs to the
 * thread.
 */
export function giveUp(link: Flushable, error: unknown): void {
  throwUncaught(error)
  try {
    link.close()
  } catch (another) {
    throwUncaught(another)
  }
}
