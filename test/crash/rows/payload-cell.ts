import type { PayloadKind } from './payload.js'

/** Payloads that main holds while the thread that sent them ends. */
export interface PayloadCell {
  readonly count: number
  readonly sizeBytes: number
  readonly kind: PayloadKind
  readonly ending: 'kill' | 'stop'
}

const SIZES = [100, 4096, 1024 * 1024]

/** Every size, kind and ending. */
export function payloadCells(count: number, countOfLargest: number): PayloadCell[] {
  const cells: PayloadCell[] = []
  for (const sizeBytes of SIZES) {
    for (const kind of ['binary', 'text'] as const) {
      for (const ending of ['kill', 'stop'] as const)
        cells.push({ count: sizeBytes === SIZES.at(-1) ? countOfLargest : count, sizeBytes, kind, ending })
    }
  }
  return cells
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
