import { describeThrown } from '@zera/core/internal'

/** Why an actor or a pool is gone. */
export interface Obituary {
  /** In words, as its `onStop` and its `actor-stopped` event have them. */
  readonly reason: string
  /** What it had failed with; undefined when nothing was wrong with it. */
  readonly error?: Error | undefined
}

/** Why an actor is gone that has failed more often than its limit allows. */
export function givenUpReason(
  { maxRestarts, periodMs }: { readonly maxRestarts: number; readonly periodMs: number },
  error: Error,
): string {
  const failures = maxRestarts === 0 ? 'its first failure' : `${maxRestarts + 1} failures`
  const period =
    maxRestarts === 0 || periodMs === Infinity
      ? ''
      : ` within ${periodMs % 1000 === 0 ? `${periodMs / 1000} s` : `${periodMs} ms`}`
  return `it was given up after ${failures}${period}, the last: ${describeThrown(error)}; raise maxRestarts if that is too few`
}
