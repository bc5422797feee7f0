/** The times of past restarts that still count, oldest first. */
export type RestartWindow = readonly number[]

/** A window without restarts. */
export const EMPTY_WINDOW: RestartWindow = []

/**
 * Counts a restart, as OTP does: when there are more than `maxRestarts` within the last `periodMs`, it is one too many.
 *
 * @param nowMs When it happens, on the same clock as the times in the window.
 */
export function countRestart(
  window: RestartWindow,
  nowMs: number,
  { maxRestarts, periodMs }: { readonly maxRestarts: number; readonly periodMs: number },
): { readonly window: RestartWindow; readonly isAllowed: boolean } {
  // Nothing counts then, and nothing needs to be remembered.
  if (maxRestarts === Infinity) return { window: EMPTY_WINDOW, isAllowed: true }
  const recent = [...window.filter(time => nowMs - time <= periodMs), nowMs]
  return { window: recent, isAllowed: recent.length <= maxRestarts }
}
