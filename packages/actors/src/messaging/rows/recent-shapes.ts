import { MessageShape, type RowKind } from './message-shape.js'

/** Messages of a method that have no shape, or change it too often, are looked at again after so many of them. */
const LOOK_AFTER = 64

/**
 * A message of another shape than the one before begins a batch, which costs more than rows save on two messages. So
 * this is how much a change weighs, a message that is none, and too much.
 */
const CHANGE = 5
const NO_CHANGE = 2
const RESTLESS = 20

/** Messages in a row to one address that make it worth to say it once for all of them. */
const RUN = 16

interface Form {
  readonly shape: MessageShape
  /** The same for messages each of which goes somewhere else; made when there are some. */
  addressed: MessageShape | undefined
}

/** The shapes that messages of one method have had of late, and whether rows are worth it for them. It does no IO. */
export class RecentShapes {
  readonly kind: RowKind
  readonly method: string
  #form: Form | undefined
  /** The one before: a property that is only there now and then makes two that take turns. */
  #other: Form | undefined
  #changes = 0
  #unseen = 0
  /** Where the last message went, and how many went there one after the other. */
  #to = 0
  #from = 0
  #run = 0
  #isScattered = false

  constructor(kind: RowKind, method: string) {
    this.kind = kind
    this.method = method
  }

  /** Notes where the next message goes. Returns whether it is to be looked at. */
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
   * The shape of the last message, for the next one. Where messages go to one address for some time the batch says it;
   * where each goes elsewhere, they say it themselves, or each would be a batch of its own.
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

  /** A message had another. Returns whether it is worth to look for it: then `shape` is the one before that. */
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

  /** Has no messages looked at for some time. */
  #letBe(): void {
    this.#form = undefined
    this.#other = undefined
    this.#changes = 0
    this.#unseen = LOOK_AFTER
  }
}
