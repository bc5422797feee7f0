import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { monotonicMs, sleep } from '../../base/runtime/real-timers.js'

/** Zeromq.js copies smaller frames; of larger ones ZeroMQ reads the memory itself (hazard H2). */
const COPIED_BYTES = 128
/** Milliseconds between two looks. */
const LOOK_MS = 2

/**
 * The frames whose memory ZeroMQ may be reading. They belong to this thread, which must not end before ZeroMQ has let
 * go of them: it would read memory that is freed, and call back into a module that has gone.
 *
 * Nothing tells when that is, but zeromq.js holds each frame for as long, so the garbage collector knows.
 */
export class FramesInFlight {
  readonly #frames = new Set<WeakRef<Uint8Array>>()
  readonly #collected = new FinalizationRegistry<WeakRef<Uint8Array>>(frame => this.#frames.delete(frame))

  /** Notes the frames of a message that is given to ZeroMQ. */
  add(frames: readonly (Uint8Array | string)[]): void {
    for (const frame of frames) {
      if (typeof frame === 'string' || frame.byteLength <= COPIED_BYTES) continue
      const held = new WeakRef(frame)
      this.#frames.add(held)
      this.#collected.register(frame, held)
    }
  }

  /**
   * Resolves when ZeroMQ has let go of all, or after `maxMs`. For the end of the thread: it collects all garbage, as
   * often as it takes.
   */
  async released(maxMs: number): Promise<void> {
    if (this.#frames.size === 0) return
    const until = monotonicMs() + maxMs
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    do {
      // What was looked at stays alive until the event loop has turned.
      await sleep(LOOK_MS)
      collectGarbage()
    } while ([...this.#frames].some(frame => frame.deref() !== undefined) && monotonicMs() < until)
  }
}

/** Those of this thread. */
export const framesInFlight = new FramesInFlight()
