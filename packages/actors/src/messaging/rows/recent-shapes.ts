import { MessageShape, type RowKind } from './message-shape.js'

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
