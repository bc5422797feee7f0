import type { ServerSecurity } from '@zera/core'

/** What became of the connections of one door, or of several. */
export type DoorCounts = ServerSecurity['counts']

/** The counts of two doors together. */
export function sumOf(one: DoorCounts, other: DoorCounts): DoorCounts {
  const [cut, others] = [one.connections.cut, other.connections.cut]
  return {
    authenticated: one.authenticated + other.authenticated,
    denied: one.denied + other.denied,
    connections: {
      open: one.connections.open + other.connections.open,
      accepted: one.connections.accepted + other.connections.accepted,
      cut: Object.fromEntries(
        (Object.keys(cut) as (keyof typeof cut)[]).map(reason => [reason, cut[reason] + others[reason]]),
      ) as Record<keyof typeof cut, number>,
    },
  }
}
