import { StringDecoder } from 'node:string_decoder'

/** The last of a text that comes in pieces. */
export class TextTail {
  readonly #decoder = new StringDecoder('utf8')
  readonly #maxChars: number
  #text = ''

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  add(piece: Buffer): void {
    this.#text = (this.#text + this.#decoder.write(piece)).slice(-this.#maxChars)
  }

  get text(): string {
    return this.#text
  }
}
