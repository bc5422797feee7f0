import type { Host } from './host.js'

/** Milliseconds between two beats: an observer knows so much later that a thread is blocked. */
const BEAT_MS = 250

/**
 * Has the thread of a host write again and again when it last ran, how late it was, and how its heap is, also while no
 * messages arrive, until the host is closed. It does not keep the thread alive.
 */
export function startHeartbeat({ clock, blackBox, times, messenger }: Host): void {
  const beat = (): void => {
    const due = clock.now() + BEAT_MS
    clock.after(BEAT_MS, () => {
      if (messenger.isClosed) return
      const now = clock.now()
      times?.delayed(now - due)
      blackBox.look(now)
      beat()
    })
  }
  blackBox.look(clock.now())
  beat()
}
