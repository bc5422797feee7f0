import { optimisations, RowBatch } from '@zera/core/internal'
import type * as format from '../format/message-format.js'
import { MessageShape, type RowEnds, type RowKind } from './message-shape.js'

/** Methods whose shapes are kept. */
const MOST_METHODS = 256

/** When messages of a method have no shape, or change it too often, this many pass before the next look. */
const LOOK_AFTER = 64

/**
 * A message with another shape than the one before begins a batch, which costs more than rows save on two messages. So
 * this is how much a change weighs, a message that is none, and too much.
 */
const CHANGE = 5
const NO_CHANGE = 2
const RESTLESS = 20

/** This many messages in a row to one address make it worthwhile to state it once for all of them. */
const RUN = 16

/** A message to send as a row: a call, or an answer or an item, which has no target method. */
export type RowMessage = Omit<format.OutgoingCall, 'kind'> & { readonly kind: RowKind }

/** Where rows go: the sending side of a link. */
export interface RowSink {
  postRow(batch: RowBatch<RowEnds>, cells: readonly unknown[], bytes: number): boolean
}

/** Writes the messages of one side of a link as rows, each into an open batch that it fits or a new one. */
export class RowWriter {
  readonly #sink: RowSink
  readonly #shapes = new Map<string, RecentShapes>()
  /** Those of the message before: more often than not they are those of the next. */
  #last: RecentShapes | undefined
  // The batches at the end of the link's queues.
  #openMessages: RowBatch<RowEnds> | undefined
  #openReplies: RowBatch<RowEnds> | undefined
  /** The values of the message being written. */
  readonly #cells: unknown[] = []
  #isWriting = false

  constructor(sink: RowSink) {
    this.#sink = sink
  }

  /**
   * Posts a message as a row. Returns what the post returns; undefined when it has no shape, or when those of its
   * method change too often, and nothing was posted.
   */
  post(message: RowMessage): boolean | undefined {
    if (!optimisations.rows) return undefined
    const recent = this.#recent(message.kind, message.method)
    if (!recent.next(message.to, message.from)) return undefined
    const { shape } = recent
    if (shape !== undefined) {
      const posted = this.#postAs(shape, message)
      if (posted !== undefined) {
        recent.fitted()
        return posted
      }
      if (!recent.changed()) return undefined
      const before = recent.shape
      const postedAsBefore = before === undefined ? undefined : this.#postAs(before, message)
      if (postedAsBefore !== undefined) return postedAsBefore
    }
    const learnt = recent.learn(message.args)
    return learnt === undefined ? undefined : this.#postAs(learnt, message)
  }

  #postAs(shape: MessageShape, message: RowMessage): boolean | undefined {
    // Not directly into the batch: an accessor may throw, or send something itself.
    const cells = this.#isWriting ? [] : this.#cells
    const bytes = this.#write(shape, cells, message)
    if (bytes < 0) return undefined
    return shape.isAddressed
      ? this.#postIn(shape, 0, 0, cells, bytes)
      : this.#postIn(shape, message.to, message.from, cells, bytes)
  }

  #postIn(shape: MessageShape, to: number, from: number, cells: readonly unknown[], bytes: number): boolean {
    const isMessage = shape.lane === 'messages'
    const open = isMessage ? this.#openMessages : this.#openReplies
    const batch = open !== undefined && fits(open, shape, to, from) ? open : new RowBatch(shape, { to, from })
    const hasRoom = this.#sink.postRow(batch, cells, bytes)
    // A large one is not kept for longer than the link does.
    const last = batch.takesMore ? batch : undefined
    if (isMessage) this.#openMessages = last
    else this.#openReplies = last
    return hasRoom
  }

  #write(shape: MessageShape, cells: unknown[], { to, from, correlation, args }: RowMessage): number {
    const wasWriting = this.#isWriting
    this.#isWriting = true
    // Setting its length to 0 would be a call into V8, and free its memory.
    while (cells.length > 0) cells.pop()
    try {
      return shape.write(cells, to, from, correlation, args)
    } finally {
      this.#isWriting = wasWriting
    }
  }

  #recent(kind: RowKind, method: string): RecentShapes {
    const last = this.#last
    if (last?.kind === kind && last.method === method) return last
    const name = `${kind} ${method}`
    let recent = this.#shapes.get(name)
    if (recent === undefined) {
      if (this.#shapes.size >= MOST_METHODS) this.#shapes.clear()
      recent = new RecentShapes(kind, method)
      this.#shapes.set(name, recent)
    }
    this.#last = recent
    return recent
  }
}

function fits(batch: RowBatch<RowEnds>, shape: MessageShape, to: number, from: number): boolean {
  const { label } = batch
  return batch.shape === shape && label.to === to && label.from === from && batch.takesMore
}

interface Form {
  readonly shape: MessageShape
  /** The same for messages that each go somewhere else; made on first use. */
  addressed: MessageShape | undefined
}

/** The recent shapes of one method's messages, and whether rows are worthwhile for them. It does no IO. */
export class RecentShapes {
  readonly kind: RowKind
  readonly method: string
  #form: Form | undefined
  /** The previous shape: an occasional property makes two shapes alternate. */
  #other: Form | undefined
  #changes = 0
  #unseen = 0
  /** Where the last message went, and how many in a row went there. */
  #to = 0
  #from = 0
  #run = 0
  #isScattered = false

  constructor(kind: RowKind, method: string) {
    this.kind = kind
    this.method = method
  }

  /** Notes where the next message goes. Returns whether to look at that message. */
  next(to: number, from: number): boolean {
    if (this.#unseen > 0) {
      this.#unseen -= 1
      return false
    }
    if (to === this.#to && from === this.#from) {
      this.#run += 1
      if (this.#run >= RUN) this.#isScattered = false
    } else {
      this.#isScattered = this.#run < RUN
      this.#to = to
      this.#from = from
      this.#run = 1
    }
    return true
  }

  /**
   * The shape of the last message, for the next one. While messages go to one address for some time, the batch states
   * it. While each goes elsewhere, the messages state it themselves, or each would be a batch of its own.
   */
  get shape(): MessageShape | undefined {
    const form = this.#form
    if (form === undefined || !this.#isScattered) return form?.shape
    return (form.addressed ??= form.shape.addressed())
  }

  /** A message had that shape. */
  fitted(): void {
    if (this.#changes > 0) this.#changes -= NO_CHANGE
  }

  /** A message had another shape. Returns whether it is worth looking for it: then `shape` is the one before that. */
  changed(): boolean {
    this.#changes += CHANGE
    if (this.#changes > RESTLESS) {
      this.#letBe()
      return false
    }
    const form = this.#form
    this.#form = this.#other
    this.#other = form
    return true
  }

  /** Takes the shape that a message has; undefined when it has none. */
  learn(values: readonly unknown[]): MessageShape | undefined {
    const shape = MessageShape.of(this.kind, this.method, values)
    if (shape === undefined) this.#letBe()
    else this.#form = { shape, addressed: undefined }
    return this.shape
  }

  /** Skips looking at messages for some time. */
  #letBe(): void {
    this.#form = undefined
    this.#other = undefined
    this.#changes = 0
    this.#unseen = LOOK_AFTER
  }
}
