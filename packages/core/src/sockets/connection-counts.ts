/** Why a connection was ended, or not accepted. */
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
 * - `malformed`: it did not speak ZMTP 3, or not with the server's mechanism;
 * - `late`: it did not greet, or prove its key, in time;
 * - `oversize`: a frame or a message exceeded its size limit, or a message had too many frames;
 * - `unfinished`: its incomplete messages took too much room;
 * - `crowded`: there was no room or no descriptor for it; connections that have not proved a key go first;
 * - `duplicate`: another connection has its routing id;
 * - `dismissed`: its key is no longer on the list;
 * - `unread`: for 30 seconds it has read nothing of the data that waits for it;
 * - `refused`: ZeroMQ ended it, because its key is not on the list, its proof is invalid, or it speaks nonsense.
 */
export type CutReason = (typeof CUT_REASONS)[number]

/** The text for each reason. */
export const CUT_TEXTS: Readonly<Record<CutReason, string>> = {
  malformed:
    'the client does not speak ZMTP 3, or not with the mechanism of this server (NULL, CURVE): give both the same',
  late: 'the client had not greeted, or proved its key, in time',
  oversize: 'a frame or a message exceeds its limit of bytes or frames',
  unfinished: 'its unfinished messages hold too many bytes',
  crowded: 'there was no room or no descriptor for it',
  duplicate: 'another connection has its routing id',
  dismissed: 'its key is no longer on the list',
  unread: 'the client does not read what waits for it',
  refused: 'ZeroMQ has ended it',
}

/** What became of the connections of a server. Counters never decrease. */
export interface ConnectionCounts {
  /** Connections that are open now. */
  readonly open: number
  /** Connections that were opened. */
  readonly accepted: number
  /** Connections that this side ended, by reason. */
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
