import { copyInto, copyOut } from '../../codec/binary.js'
import type { Space } from '../../codec/extension.js'
import type { Binaries } from '../../codec/parts.js'
import type { Block, BlockHandle } from '../blocks/blocks.js'

/** Bytes of the largest block that is taken before it is needed. */
const MOST_AHEAD = 64 * 1024

/** Where binaries are: the blocks, and of each binary the index of its block, where it begins there, and its length. */
export type BinariesInFrame = readonly [handles: readonly BlockHandle[], places: readonly number[]]

/** Where blocks come from. */
export interface Blocks {
  /** Takes a block of at least a size. */
  block(sizeBytes: number): Block
}

/** The binaries of a batch, each copied into shared memory when its message is posted. */
export class BatchBinaries {
  readonly #from: Blocks
  readonly blocks: Block[] = []
  /** As `BinariesInFrame` has them. */
  readonly #places: number[] = []
  /** What is free in the last block: from where, to where. */
  #free = 0
  #end = 0

  constructor(from: Blocks) {
    this.#from = from
  }

  get count(): number {
    return this.#places.length / 3
  }

  /**
   * Copies binaries.
   *
   * @throws {RangeError} When there is no memory for them; none of them is there then.
   */
  add(binaries: readonly Uint8Array[]): void {
    const { length } = this.#places
    try {
      for (const bytes of binaries) this.#add(bytes)
    } catch (error) {
      this.#places.length = length
      throw error
    }
  }

  #add(bytes: Uint8Array): void {
    const { byteLength } = bytes
    if (this.blocks.length === 0 || this.#free + byteLength > this.#end) this.#take(byteLength)
    const block = this.blocks.at(-1) as Block
    copyInto(block.space.bytes, bytes, block.space.offset + this.#free)
    this.#places.push(this.blocks.length - 1, this.#free, byteLength)
    // Lists of numbers are read where they are. A block that is not used again is found once, so it is for one binary.
    this.#free = block.slab === 0 ? this.#end : Math.ceil((this.#free + byteLength) / 8) * 8
  }

  /** The JSON text of so many of them, as `BinariesInFrame`. */
  text(from: number, count: number): string {
    const places = this.#places.slice(3 * from, 3 * (from + count))
    const [first = 0] = places
    const handles = this.blocks.slice(first, (places.at(-3) ?? 0) + 1).map(({ handle }) => handle)
    for (let at = 0; at < places.length; at += 3) places[at]! -= first
    return `[[${handles.join()}],[${places.join()}]]`
  }

  /** Those from one on. */
  from(first: number): Binaries {
    const spaces = this.blocks.map(({ space }) => space)
    return new BlockBinaries(spaces, this.#places.slice(3 * first))
  }

  #take(sizeBytes: number): void {
    // As much as there is already: few blocks for many binaries, and little waste for few.
    const block = this.#from.block(Math.max(sizeBytes, Math.min(this.#end, MOST_AHEAD)))
    this.blocks.push(block)
    this.#free = 0
    this.#end = block.sizeBytes
  }
}

/** Binaries in blocks. */
export class BlockBinaries implements Binaries {
  readonly #spaces: readonly Space[]
  readonly #places: readonly number[]

  constructor(spaces: readonly Space[], places: readonly number[]) {
    this.#spaces = spaces
    this.#places = places
  }

  view(index: number): Uint8Array | undefined {
    const [block, from, length] = [this.#places[3 * index], this.#places[3 * index + 1], this.#places[3 * index + 2]]
    const space = this.#spaces[block as number]
    if (space === undefined || from === undefined || length === undefined) return undefined
    const begin = space.offset + from
    return space.bytes.subarray(begin, begin + length)
  }

  take(index: number): ArrayBuffer | undefined {
    const bytes = this.view(index)
    return bytes === undefined ? undefined : copyOut(bytes)
  }
}
