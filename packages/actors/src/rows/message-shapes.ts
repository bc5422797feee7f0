import type { RowBatch } from '@zera/core'
import * as wire from '../wire.js'
import { MessageShape, type RowKind } from './message-shape.js'

const MOST_KNOWN = 256

/** Messages of a method that have no shape are looked at again after so many of them. */
const LOOK_AFTER = 64

/** Where rows go: a link. */
export interface RowSink {
  batchFor(lane: 'messages' | 'replies', shape: MessageShape, to: number, from: number): RowBatch
  postRow(lane: 'messages' | 'replies', batch: RowBatch, bytes: number): boolean
}

interface LastShape {
  readonly kind: RowKind
  readonly method: string
  shape: MessageShape | undefined
  /** Messages since one was looked at that had no shape. */
  unlike: number
}

/** The last shape of the messages of each method that one side sends, and those that the other side has named. */
export class MessageShapes {
  readonly #sent = new Map<string, LastShape>()
  #last: LastShape | undefined
  readonly #received = new Map<string, MessageShape>()

  /** Posts a message as a row. Returns what the post returns; undefined when the message has no shape, and nothing was posted. */
  post(sink: RowSink, kind: RowKind, to: number, from: number, method: string, values: readonly unknown[], correlation: number): boolean | undefined {
    const last = this.#lastOf(kind, method)
    const lane = isReply(kind) ? 'replies' : 'messages'
    if (last.shape !== undefined) {
      const posted = this.#postAs(sink, last.shape, lane, to, from, values, correlation)
      if (posted !== undefined) return posted
    } else if (last.unlike++ % LOOK_AFTER !== 0) return undefined
    last.shape = MessageShape.of(kind, method, values)
    return last.shape === undefined ? undefined : this.#postAs(sink, last.shape, lane, to, from, values, correlation)
  }

  /** The shape that a batch names. */
  named(head: string): MessageShape {
    let shape = this.#received.get(head)
    if (shape === undefined) {
      shape = MessageShape.read(head)
      if (this.#received.size >= MOST_KNOWN) this.#received.clear()
      this.#received.set(head, shape)
    }
    return shape
  }

  #postAs(sink: RowSink, shape: MessageShape, lane: 'messages' | 'replies', to: number, from: number, values: readonly unknown[], correlation: number): boolean | undefined {
    const batch = sink.batchFor(lane, shape, to, from)
    const bytes = shape.write(batch.cells, correlation, values)
    if (bytes >= 0) return sink.postRow(lane, batch, bytes)
    batch.undo()
    return undefined
  }

  #lastOf(kind: RowKind, method: string): LastShape {
    const before = this.#last
    // More often than not it is the one of the message before.
    if (before?.kind === kind && before.method === method) return before
    const name = `${kind} ${method}`
    let last = this.#sent.get(name)
    if (last === undefined) {
      if (this.#sent.size >= MOST_KNOWN) this.#sent.clear()
      last = { kind, method, shape: undefined, unlike: 0 }
      this.#sent.set(name, last)
    }
    this.#last = last
    return last
  }
}

function isReply(kind: RowKind): boolean {
  return kind === wire.ANSWER || kind === wire.ITEM
}
