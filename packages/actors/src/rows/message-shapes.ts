import { optimisations, type RowBatch } from '@zera/core'
import * as wire from '../wire.js'
import { MessageShape, type RowKind } from './message-shape.js'

const MOST_KNOWN = 256

/** Messages of a method that have no shape are looked at again after so many of them. */
const LOOK_AFTER = 64

/** Messages in a row to one address that make it worth to say it once for all of them. */
const RUN = 16

/** Where rows go: a link. */
export interface RowSink {
  batchFor(lane: 'messages' | 'replies', shape: MessageShape, to: number, from: number): RowBatch
  postRow(lane: 'messages' | 'replies', batch: RowBatch, bytes: number): boolean
}

interface LastShape {
  readonly kind: RowKind
  readonly method: string
  shape: MessageShape | undefined
  /** The same for messages each of which goes somewhere else; made when there are some. */
  addressed: MessageShape | undefined
  /** Messages since one was looked at that had no shape. */
  unlike: number
  /** Where the last one went, and how many went there one after the other. */
  to: number
  from: number
  run: number
  isScattered: boolean
}

/** The last shape of the messages of each method that one side sends, and those that the other side has named. */
export class MessageShapes {
  readonly #sent = new Map<string, LastShape>()
  #last: LastShape | undefined
  readonly #received = new Map<string, MessageShape>()
  /** The values of the message that is being written. */
  readonly #cells: unknown[] = []
  #isWriting = false

  /** Posts a message as a row. Returns what the post returns; undefined when the message has no shape, and nothing was posted. */
  post(sink: RowSink, kind: RowKind, to: number, from: number, method: string, values: readonly unknown[], correlation: number): boolean | undefined {
    if (!optimisations.rows) return undefined
    const last = this.#lastOf(kind, method)
    const lane = isReply(kind) ? 'replies' : 'messages'
    if (last.shape !== undefined) {
      const posted = this.#postAs(sink, shapeFor(last, last.shape, to, from), lane, to, from, values, correlation)
      if (posted !== undefined) return posted
    } else if (last.unlike++ % LOOK_AFTER !== 0) return undefined
    last.shape = MessageShape.of(kind, method, values)
    last.addressed = undefined
    return last.shape === undefined ? undefined : this.#postAs(sink, shapeFor(last, last.shape, to, from), lane, to, from, values, correlation)
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
    // Not into the batch at once: an accessor may throw, or send something itself.
    const cells = this.#isWriting ? [] : this.#cells
    const bytes = this.#write(shape, cells, to, from, correlation, values)
    if (bytes < 0) return undefined
    const batch = shape.isAddressed ? sink.batchFor(lane, shape, 0, 0) : sink.batchFor(lane, shape, to, from)
    for (let at = 0; at < cells.length; at++) batch.cells.push(cells[at])
    return sink.postRow(lane, batch, bytes)
  }

  #write(shape: MessageShape, cells: unknown[], to: number, from: number, correlation: number, values: readonly unknown[]): number {
    const wasWriting = this.#isWriting
    this.#isWriting = true
    cells.length = 0
    try {
      return shape.write(cells, to, from, correlation, values)
    } finally {
      this.#isWriting = wasWriting
    }
  }

  #lastOf(kind: RowKind, method: string): LastShape {
    const before = this.#last
    // More often than not it is the one of the message before.
    if (before?.kind === kind && before.method === method) return before
    const name = `${kind} ${method}`
    let last = this.#sent.get(name)
    if (last === undefined) {
      if (this.#sent.size >= MOST_KNOWN) this.#sent.clear()
      last = { kind, method, shape: undefined, addressed: undefined, unlike: 0, to: 0, from: 0, run: 0, isScattered: false }
      this.#sent.set(name, last)
    }
    this.#last = last
    return last
  }
}

/** Where messages go to one address for some time the batch says it; where each goes elsewhere, they say it themselves, or each would be a batch of its own. */
function shapeFor(last: LastShape, shape: MessageShape, to: number, from: number): MessageShape {
  if (to === last.to && from === last.from) {
    last.run += 1
    if (last.run >= RUN) last.isScattered = false
  } else {
    last.isScattered = last.run < RUN
    last.to = to
    last.from = from
    last.run = 1
  }
  if (!last.isScattered) return shape
  last.addressed ??= shape.addressed()
  return last.addressed
}

function isReply(kind: RowKind): boolean {
  return kind === wire.ANSWER || kind === wire.ITEM
}
