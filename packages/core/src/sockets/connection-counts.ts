/** Why a connection was ended, or not taken. */
export const CUT_REASONS = [
  'malformed',
  'late',
  'oversize',
  'unfinished',
  'crowded',
  'duplicate',
  'dismissed',
  'unread',
  'refused',
] as const

/**
 * Why a connection was ended:
 *
 * - `malformed`: what it said is not ZMTP 3, or not with the server's mechanism;
 * - `late`: it had not greeted, or proved its key, in time;
 * - `oversize`: a frame or a message is larger, or has more frames, than it may be;
 * - `unfinished`: it held too much of messages without an end;
 * - `crowded`: there was no room, or no descriptor, for it; who has not proved a key goes first;
 * - `duplicate`: another connection has its routing id;
 * - `dismissed`: its key is no longer on the list;
 * - `unread`: it has taken nothing of what is there for it for 30 seconds;
 * - `refused`: ZeroMQ has ended it, since its key is not on the list, its proof is none, or it speaks nonsense.
 */
export type CutReason = (typeof CUT_REASONS)[number]

/** Each of them, for whoever watches. */
export const CUT_TEXTS: Readonly<Record<CutReason, string>> = {
  malformed: 'what the client said is not ZMTP 3, or not secured as this server is (NULL, CURVE): give both the same',
  late: 'the client had not greeted, or proved its key, in time',
  oversize: 'a frame or a message is larger, or has more frames, than it may be',
  unfinished: 'it held too much of messages without an end',
  crowded: 'there was no room, or no descriptor, for it',
  duplicate: 'another connection has its routing id',
  dismissed: 'its key is no longer on the list',
  unread: 'the client does not read what is there for it',
  refused: 'ZeroMQ has ended it',
}

/** What became of the connections of a server. Counters never decrease. */
export interface ConnectionCounts {
  /** Connections that are open now. */
  readonly open: number
  /** Connections that were opened. */
  readonly accepted: number
  /** Connections that were ended by this side, by reason. */
  readonly cut: Readonly<Record<CutReason, number>>
}

/** Where nothing has been counted. */
export const NO_CONNECTIONS: ConnectionCounts = {
  open: 0,
  accepted: 0,
  cut: {
    malformed: 0,
    late: 0,
    oversize: 0,
    unfinished: 0,
    crowded: 0,
    duplicate: 0,
    dismissed: 0,
    unread: 0,
    refused: 0,
  },
}

export function sumCounts(a: ConnectionCounts, b: ConnectionCounts): ConnectionCounts {
  const cut = Object.fromEntries(CUT_REASONS.map(reason => [reason, a.cut[reason] + b.cut[reason]])) as Record<
    CutReason,
    number
  >
  return { open: a.open + b.open, accepted: a.accepted + b.accepted, cut }
}
