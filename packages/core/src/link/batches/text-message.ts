import type { Block } from '../blocks/blocks.js'
import { Batch, type SlotRuns } from './batch.js'

/** A message that was written as text, and travels by itself. */
export class TextMessage extends Batch {
  readonly #text: string
  readonly #key: number
  readonly handedOver: readonly Block[]

  /**
   * @param text JSON text.
   * @param blocks What it mentions.
   */
  constructor(text: string, key: number, blocks: readonly Block[]) {
    super()
    this.#text = text
    this.#key = key
    this.handedOver = blocks
    flatten(text)
    let bytes = text.length
    for (const { sizeBytes } of blocks) bytes += sizeBytes
    this.added(bytes)
  }

  key(): number {
    return this.#key
  }

  body(): unknown {
    return JSON.parse(this.#text)
  }

  text(_fromRow: number, _rows: number, slots: SlotRuns): string {
    return `${slots.numbers[0]},${this.#text}`
  }

  protected takeBlocks(): readonly Block[] {
    return this.handedOver
  }
}

/**
 * V8 keeps a text as the tree of parts that it was put together from, in five times the memory, until code reads it. It
 * may wait here, and then at the peer, for long.
 */
function flatten(text: string): void {
  text.charCodeAt(0)
}
