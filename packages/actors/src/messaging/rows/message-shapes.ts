import { optimisations } from '@zera/core/internal'
import type * as wire from '../format/message-format.js'
import { MessageShape, type RowKind } from './message-shape.js'
import { OpenBatches, type RowSink } from './open-batches.js'
import { RecentShapes } from './recent-shapes.js'

const MOST_KNOWN = 256

/** A message to send as a row: a call, or an answer or an item, which has no target method. */
export type RowMessage = Omit<wire.OutgoingCall, 'kind'> & { readonly kind: RowKind }

/** The shapes of the messages that one side sends, and those that the other side has named. */
export class MessageShapes {
  readonly #sent = new Map<string, RecentShapes>()
  #last: RecentShapes | undefined
  readonly #batches = new OpenBatches()
  readonly #received = new Map<string, MessageShape>()
  /** The values of the message being written. */
  readonly #cells: unknown[] = []
  #isWriting = false

  /**
   * Posts a message as a row. Returns what the post returns; undefined when it has no shape, or when those of its
   * method change too often, and nothing was posted.
   */
  post(sink: RowSink, { kind, to, from, method, args: values, correlation }: RowMessage): boolean | undefined {
    if (!optimisations.rows) return undefined
    const recent = this.#recent(kind, method)
    if (!recent.next(to, from)) return undefined
    const { shape } = recent
    if (shape !== undefined) {
      const posted = this.#postAs(sink, shape, to, from, values, correlation)
      if (posted !== undefined) {
        recent.fitted()
        return posted
      }
      if (!recent.changed()) return undefined
      const before = recent.shape
      const postedAsBefore =
        before === undefined ? undefined : this.#postAs(sink, before, to, from, values, correlation)
      if (postedAsBefore !== undefined) return postedAsBefore
    }
    const learnt = recent.learn(values)
    return learnt === undefined ? undefined : this.#postAs(sink, learnt, to, from, values, correlation)
  }

  /** The shape that a batch of the other side names. */
  named(name: string): MessageShape {
    let shape = this.#received.get(name)
    if (shape === undefined) {
      shape = MessageShape.named(name)
      if (this.#received.size >= MOST_KNOWN) this.#received.clear()
      this.#received.set(name, shape)
    }
    return shape
  }

  #postAs(
    sink: RowSink,
    shape: MessageShape,
    to: number,
    from: number,
    values: readonly unknown[],
    correlation: number,
  ): boolean | undefined {
    // Not directly into the batch: an accessor may throw, or send something itself.
    const cells = this.#isWriting ? [] : this.#cells
    const bytes = this.#write(shape, cells, to, from, correlation, values)
    if (bytes < 0) return undefined
    return shape.isAddressed
      ? this.#batches.post(sink, shape, 0, 0, cells, bytes)
      : this.#batches.post(sink, shape, to, from, cells, bytes)
  }

  #write(
    shape: MessageShape,
    cells: unknown[],
    to: number,
    from: number,
    correlation: number,
    values: readonly unknown[],
  ): number {
    const wasWriting = this.#isWriting
    this.#isWriting = true
    // Setting its length to 0 would be a call into V8, and free its memory.
    while (cells.length > 0) cells.pop()
    try {
      return shape.write(cells, to, from, correlation, values)
    } finally {
      this.#isWriting = wasWriting
    }
  }

  #recent(kind: RowKind, method: string): RecentShapes {
    const last = this.#last
    // More often than not they are those of the message before.
    if (last?.kind === kind && last.method === method) return last
    const name = `${kind} ${method}`
    let recent = this.#sent.get(name)
    if (recent === undefined) {
      if (this.#sent.size >= MOST_KNOWN) this.#sent.clear()
      recent = new RecentShapes(kind, method)
      this.#sent.set(name, recent)
    }
    this.#last = recent
    return recent
  }
}
