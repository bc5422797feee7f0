import type { PartsFrom } from '../../codec/block-form.js'
import type { CodecExtension } from '../../codec/extension.js'
import { HeldValues } from '../../codec/held-values.js'
import { demand } from '../../codec/malformed-message-error.js'
import type { Binaries } from '../../codec/parts.js'
import { ValueReader } from '../../codec/reading/value-reader.js'

/** Codes in front of all others that each message has: where it ends in codes, numbers, texts and binaries. */
export const ENDS = 4

/**
 * The values of the messages of a batch. Their parts are read when the first of them is: texts that wait for their turn
 * as strings cost much to collect.
 */
export class BatchValues {
  readonly #open: () => PartsFrom
  readonly #messages: number
  readonly #binaries: Binaries
  #opened: Opened | undefined

  /** @param open Reads the parts. Their codes begin with the ends of all messages. */
  constructor(open: () => PartsFrom, messages: number, binaries: Binaries) {
    this.#open = open
    this.#messages = messages
    this.#binaries = binaries
  }

  /** The values of one message. */
  of(message: number): HeldValues {
    return new ValuesOf(this, message)
  }

  /** Reads the values of one message. */
  read(message: number, extension: CodecExtension | undefined): unknown[] {
    this.#opened ??= new Opened(this.#open(), this.#messages, this.#binaries)
    return this.#opened.read(message, extension)
  }
}

/** The parts of the messages of a batch, and where each message is in them. */
class Opened {
  readonly #reader: ValueReader
  readonly #codes: ArrayLike<number>
  /** Where the ends are, and where codes and numbers begin. */
  readonly #endsFrom: number
  readonly #codesFrom: number
  readonly #numbersFrom: number

  constructor({ parts, codesFrom, numbersFrom }: PartsFrom, messages: number, binaries: Binaries) {
    this.#reader = new ValueReader(parts, binaries)
    this.#codes = parts.codes
    this.#endsFrom = codesFrom
    this.#codesFrom = codesFrom + ENDS * messages
    this.#numbersFrom = numbersFrom
  }

  read(message: number, extension: CodecExtension | undefined): unknown[] {
    const reader = this.#reader
    if (message === 0) reader.goTo(this.#codesFrom, this.#numbersFrom, 0, 0)
    else {
      const [code, number, text] = this.#endOf(message - 1)
      reader.goTo(code, number, text, this.#end(message - 1, 3))
    }
    const values = reader.read(extension)
    demand(reader.isAt(...this.#endOf(message)), 'it is longer or shorter than it says')
    return values
  }

  #endOf(message: number): [code: number, number: number, text: number] {
    return [this.#codesFrom + this.#end(message, 0), this.#numbersFrom + this.#end(message, 1), this.#end(message, 2)]
  }

  #end(message: number, stream: number): number {
    return this.#codes[this.#endsFrom + ENDS * message + stream] as number
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
