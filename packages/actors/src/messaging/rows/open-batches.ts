import { RowBatch } from '@zera/core/internal'
import type { MessageShape, RowEnds } from './message-shape.js'

/** Where rows go: the sending side of a link. */
export interface RowSink {
  postRow(batch: RowBatch<RowEnds>, cells: readonly unknown[], bytes: number): boolean
}

/** The open batches at the end of a link's queue: one of messages, one of replies. A row goes into one that it fits. */
export class OpenBatches {
  #ofMessages: RowBatch<RowEnds> | undefined
  #ofReplies: RowBatch<RowEnds> | undefined

  /** Posts a row. Returns what the post returns. */
  post(
    sink: RowSink,
    shape: MessageShape,
    to: number,
    from: number,
    cells: readonly unknown[],
    bytes: number,
  ): boolean {
    const isMessage = shape.lane === 'messages'
    const open = isMessage ? this.#ofMessages : this.#ofReplies
    const batch = open !== undefined && fits(open, shape, to, from) ? open : new RowBatch(shape, { to, from })
    const hasRoom = sink.postRow(batch, cells, bytes)
    // A large one is not kept for longer than the link does.
    const last = batch.takesMore ? batch : undefined
    if (isMessage) this.#ofMessages = last
    else this.#ofReplies = last
    return hasRoom
  }
}

function fits(batch: RowBatch<RowEnds>, shape: MessageShape, to: number, from: number): boolean {
  const { label } = batch
  return batch.shape === shape && label.to === to && label.from === from && batch.takesMore
}
