import type { HandshakeStage } from './zmtp/handshake.js'

/** A connection that has not proved anything. */
export interface HalfOpen {
  readonly stage: HandshakeStage | undefined
}

/**
 * Which connection gives way where there is no room for all. A client greets as soon as it is connected, so those that
 * say nothing go first, but for the last that came; then those that have begun to greet, and last those that are about
 * to prove their key. Of each kind the oldest goes: the connection that has held a place the longest without finishing
 * is the least likely to come to one.
 *
 * @param halfOpen Oldest first.
 */
export function whoGivesWay<C extends HalfOpen>(halfOpen: Iterable<C>): C | undefined {
  const oldest: Partial<Record<'silent' | 'greeting' | 'proving', C>> = {}
  let hasNewer = false
  for (const connection of halfOpen) {
    const { stage } = connection
    const kind = stage === 'greeted' ? 'greeting' : (stage ?? 'proving')
    if (kind === 'silent' && oldest.silent !== undefined) {
      hasNewer = true
      break
    }
    oldest[kind] ??= connection
  }
  return hasNewer ? oldest.silent : (oldest.greeting ?? oldest.proving ?? oldest.silent)
}
