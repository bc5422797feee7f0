/**
 * The bounds of what a system may ask of a node that `zera node` runs. The node refuses what is beyond them, and so
 * does `startSystem`, before it contacts any node.
 */
export const NODE_LIMITS = {
  /** Threads that a system may ask of one node; `--threads-max` lowers this. */
  maxThreads: 1024,
  /** Milliseconds between two signs of life, at least and at most. */
  minHeartbeatMs: 10,
  maxHeartbeatMs: 60_000,
  /** Milliseconds of silence after which a session ends. This is the longest that a vanished system can occupy a node. */
  maxDeadlineMs: 600_000,
  /** Milliseconds that a thread may take to start, and to stop. */
  maxStartMs: 600_000,
  maxStopMs: 600_000,
} as const

/** Bounds of what a system may ask. */
export type NodeLimits = Readonly<Record<keyof typeof NODE_LIMITS, number>>

/** The bounds for a child of the system, which ends with the system. */
export const CHILD_LIMITS: NodeLimits = {
  ...NODE_LIMITS,
  maxThreads: Infinity,
  maxDeadlineMs: Infinity,
  maxStartMs: Infinity,
  maxStopMs: Infinity,
}

/** What is wrong with the times that a system and its nodes agree on; undefined if nothing is. */
export function heartbeatProblem(
  { heartbeatMs, deadlineMs }: { readonly heartbeatMs: number; readonly deadlineMs: number },
  limits: NodeLimits = NODE_LIMITS,
): string | undefined {
  const { minHeartbeatMs, maxHeartbeatMs, maxDeadlineMs } = limits
  if (
    heartbeatMs >= minHeartbeatMs &&
    heartbeatMs <= maxHeartbeatMs &&
    deadlineMs >= 2 * heartbeatMs &&
    deadlineMs <= maxDeadlineMs
  )
    return undefined
  return `heartbeatMs must be from ${minHeartbeatMs} to ${maxHeartbeatMs}, and deadlineMs at least twice that and at most ${maxDeadlineMs}, not ${heartbeatMs} and ${deadlineMs}`
}
