import { PAYLOAD_KINDS, type PayloadKind } from './payload.js'

/** Payloads that main holds while the thread that sent them ends. */
export interface PayloadCell {
  readonly count: number
  readonly sizeBytes: number
  readonly kind: PayloadKind
  readonly ending: 'kill' | 'stop'
}

const SIZES = ['small', 'middle', 'large'] as const

/** Every size, kind and ending. */
export function payloadCells(count: number, countOfLargest: number): PayloadCell[] {
  return SIZES.flatMap(size =>
    PAYLOAD_KINDS.flatMap(kind =>
      (['kill', 'stop'] as const).map(ending => ({
        count: size === 'large' ? countOfLargest : count,
        sizeBytes: bytesOf(size, kind),
        kind,
        ending,
      })),
    ),
  )
}

function bytesOf(size: (typeof SIZES)[number], kind: PayloadKind): number {
  if (size === 'small') return 100
  if (size === 'middle') return 4096
  // Looking at each element of a list takes its time.
  return kind === 'records' || kind === 'numbers' ? 64 * 1024 : 1024 * 1024
}

/** What a cell is called. */
export function describePayloadCell({ count, sizeBytes, kind, ending }: PayloadCell): string {
  const size =
    sizeBytes < 1024
      ? `${sizeBytes} B`
      : sizeBytes < 1024 * 1024
        ? `${sizeBytes / 1024} KiB`
        : `${sizeBytes / 1024 / 1024} MiB`
  return `${count} × ${size} of ${kind}, held when their sender ${ending === 'kill' ? 'was killed' : 'had stopped'}`
}
