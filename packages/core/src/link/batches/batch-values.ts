import type { PartsFrom } from '../../codec/block-form.js'
import type { CodecExtension } from '../../codec/extension.js'
import { HeldValues } from '../../codec/held-values.js'
import { demand } from '../../codec/malformed-message-error.js'
import type { Binaries } from '../../codec/parts.js'
import { ValueReader } from '../../codec/reading/value-reader.js'

/** Lengths that each message has in front of the codes: of its codes, numbers, texts and binaries. */
export const LENGTHS = 4

/** The values of the messages of a batch. */
export class BatchValues {
  readonly #reader: ValueReader
  readonly #lengths: ArrayLike<number>
  readonly #messages: number
  readonly #from: Omit<PartsFrom, 'parts'>
  // The message that comes next, and where it begins.
  #next = 0
  #code = 0
  #number = 0
  #text = 0
  #binary = 0

  /** @param from Its codes begin with the lengths of all messages. */
  constructor({ parts, ...from }: PartsFrom, messages: number, binaries: Binaries) {
    this.#reader = new ValueReader(parts, binaries)
    this.#lengths = parts.codes
    this.#messages = messages
    this.#from = from
    this.#begin()
  }

  /** The values of one message. */
  of(message: number): HeldValues {
    return new ValuesOf(this, message)
  }

  /** Reads the values of one message, which is fastest from the first to the last. */
  read(message: number, extension: CodecExtension | undefined): unknown[] {
    if (message < this.#next) this.#begin()
    while (this.#next < message) this.#goOn()
    const reader = this.#reader
    reader.goTo(this.#code, this.#number, this.#text, this.#binary)
    this.#goOn()
    const [code, number, text] = [this.#code, this.#number, this.#text]
    const values = reader.read(extension)
    demand(reader.isAt(code, number, text), 'it is longer or shorter than it says')
    return values
  }

  #begin(): void {
    this.#next = 0
    this.#code = this.#from.codesFrom + LENGTHS * this.#messages
    this.#number = this.#from.numbersFrom
    this.#text = 0
    this.#binary = 0
  }

  #goOn(): void {
    const lengths = this.#lengths
    const at = this.#from.codesFrom + LENGTHS * this.#next
    this.#next += 1
    this.#code += lengths[at] as number
    this.#number += lengths[at + 1] as number
    this.#text += lengths[at + 2] as number
    this.#binary += lengths[at + 3] as number
  }
}

class ValuesOf extends HeldValues {
  readonly #batch: BatchValues
  readonly #message: number

  constructor(batch: BatchValues, message: number) {
    super()
    this.#batch = batch
    this.#message = message
  }

  read(extension?: CodecExtension): unknown[] {
    return this.#batch.read(this.#message, extension)
  }
}
