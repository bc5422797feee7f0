import { toError } from '../../base/errors/thrown.js'
import { blockFormOf, readBlock, writeBlock, type Layout, type PartsFrom } from '../../codec/block-form.js'
import type { CodecExtension } from '../../codec/extension.js'
import type { HeldValues } from '../../codec/held-values.js'
import type { Parts } from '../../codec/parts.js'
import { writeText } from '../../codec/text-form.js'
import { ValueWriter, type Mark } from '../../codec/writing/value-writer.js'
import type { Block, BlockHandle } from '../blocks/blocks.js'
import { BatchBinaries, type BinariesInFrame, type Blocks } from './batch-binaries.js'
import { BatchValues, ENDS } from './batch-values.js'
import { Batch, type SlotRuns } from './batch.js'
import type { Head, MessageFormat } from './message-format.js'

/** Stands in a frame where a slot would stand: messages follow whose values were taken apart together. */
export const VALUES = -2

/** The parts of messages as `writeText` has them, or the block in which they are. */
export type Content = readonly unknown[] | BlockContent
export type BlockContent = readonly [block: BlockHandle, layout: Layout]

/**
 * Messages of a batch in a frame: their slots as `SlotRuns`, the head of each or 0 when it is that of the one before,
 * their keys, and their parts, which begin with the ends of each message as codes; and their binaries, if any.
 */
export type ValuesInFrame = readonly [
  slots: readonly number[],
  heads: readonly (Head | 0)[],
  keys: readonly number[],
  content: Content,
  binaries?: BinariesInFrame,
]

/** Parts that were put into a block. */
interface InBlock {
  /** The JSON text of a `BlockContent`. */
  readonly content: string
  readonly read: () => PartsFrom
}

interface ListedParts extends Parts {
  readonly codes: readonly number[]
  readonly numbers: readonly number[]
}

/** The streams in which each message has an end, in their order. */
const STREAM = { codes: 0, numbers: 1, texts: 2, binaries: 3 } as const

const NOTHING: Mark = { codes: 0, numbers: 0, texts: 0, binaries: 0 }

/** From about this many bytes on, parts travel in shared memory. */
const BLOCK_MIN_BYTES = 1024
/** A message of more bytes travels by itself. */
const MOST_SHARED_BYTES = 64 * 1024

/**
 * Messages of any values, one after the other, taken apart together: what it costs to make a message, to write it and
 * to read it is shared by all of them.
 */
export class ValuesBatch extends Batch {
  readonly #format: MessageFormat
  readonly #blocks: Blocks
  readonly #writer = new ValueWriter()
  readonly #heads: (Head | 0)[] = []
  readonly #keys: number[] = []
  /** Where each message ends: in codes, numbers, texts and binaries. */
  readonly #ends: number[] = []
  readonly #binaries: BatchBinaries
  readonly #contents: Block[] = []
  /** Where all parts are, once they are in a block of their own and nowhere else. */
  #whole: InBlock | undefined
  #wholeValues: BatchValues | undefined
  readonly handedOver: Block[] = []
  #lastHead: Head | undefined
  /** Where the message begins that is being written, or is written and not added. */
  #mark = this.#writer.mark()
  #charsBefore = 0
  #isWriting = false

  constructor(format: MessageFormat, blocks: Blocks) {
    super()
    this.#format = format
    this.#blocks = blocks
    this.#binaries = new BatchBinaries(blocks)
  }

  override get takesMore(): boolean {
    return super.takesMore && !this.#isWriting && this.#whole === undefined
  }

  /**
   * Writes the values of a message. Add it then, or cut it off.
   *
   * @throws {NotCloneableError} When some cannot travel; nothing of it was kept.
   */
  write(values: readonly unknown[], extension: CodecExtension | undefined): void {
    this.#mark = this.#writer.mark()
    this.#charsBefore = this.#writer.chars
    // An accessor may send something itself.
    this.#isWriting = true
    try {
      this.#writer.write(values, extension)
    } catch (error) {
      this.takeBack()
      extension?.abandon?.()
      // It may throw a value that cannot be read.
      throw toError(error)
    } finally {
      this.#isWriting = false
    }
  }

  /** Whether the message that was written is better by itself. */
  get isForOne(): boolean {
    return this.rows > 0 && this.#contentBytes + this.#binaryBytes > MOST_SHARED_BYTES
  }

  /** Takes the message back that was written. */
  takeBack(): void {
    this.#writer.cutTo(this.#mark)
  }

  /** Moves the message that was written into a batch of its own. */
  cutOff(): ValuesBatch {
    const batch = new ValuesBatch(this.#format, this.#blocks)
    this.#writer.move(this.#mark, batch.#writer)
    return batch
  }

  /**
   * Adds the message that was written. Returns its bytes.
   *
   * @throws {RangeError} When there is no memory for it; nothing of it was kept.
   */
  add(head: Head, key: number): number {
    const { codes, numbers, texts, shapes, binaries } = this.#writer
    const bytes = this.#contentBytes + this.#binaryBytes
    const ends = [codes.length, numbers.length, texts.length, this.#binaries.count + binaries.length]
    try {
      this.#binaries.add(binaries)
      // The frame of others is written when nobody waits for the outcome, and little memory is enough for it.
      if (this.#contentBytes > MOST_SHARED_BYTES)
        this.#whole = this.#intoBlock({ codes: ends.concat(codes), numbers, texts, shapes })
    } catch (error) {
      this.takeBack()
      throw error
    }
    binaries.length = 0
    if (this.#whole !== undefined) this.#letGo()
    this.#ends.push(...ends)
    this.#heads.push(this.#lastHead !== undefined && isSame(head, this.#lastHead) ? 0 : head)
    this.#lastHead = head
    this.#keys.push(key)
    this.added(bytes)
    return bytes
  }

  /** Gives away the blocks of a batch to which nothing could be added. */
  abandon(): readonly Block[] {
    return this.takeBlocks()
  }

  /** Keeps what was handed over with the message that was added. */
  keep(handedOver: readonly Block[]): void {
    for (const block of handedOver) this.handedOver.push(block)
  }

  key(row: number): number {
    return this.#keys[row] as number
  }

  body(row: number): unknown {
    return this.#format.body(this.#headOf(row), this.key(row), this.#valuesOf(row))
  }

  text(fromRow: number, rows: number, slots: SlotRuns): string {
    const content = this.#contentOf(fromRow, rows)
    const firstBinary = this.#startOf(fromRow, STREAM.binaries)
    const binaries = this.#startOf(fromRow + rows, STREAM.binaries) - firstBinary
    const heads = this.#heads.slice(fromRow, fromRow + rows)
    heads[0] = this.#headOf(fromRow)
    const keys = this.#keys.slice(fromRow, fromRow + rows)
    const rest = binaries === 0 ? '' : `,${this.#binaries.text(firstBinary, binaries)}`
    return `${VALUES},[[${slots.numbers.join()}],${JSON.stringify(heads)},[${keys.join()}],${content}${rest}]`
  }

  protected takeBlocks(): readonly Block[] {
    return [...this.#binaries.blocks, ...this.#contents, ...this.handedOver]
  }

  /** Bytes of the message that was written, without its binaries. */
  get #contentBytes(): number {
    const { codes, numbers, chars } = this.#writer
    return 4 * (codes.length - this.#mark.codes) + 8 * (numbers.length - this.#mark.numbers) + chars - this.#charsBefore
  }

  get #binaryBytes(): number {
    let sizeBytes = 0
    for (const { byteLength } of this.#writer.binaries) sizeBytes += byteLength
    return sizeBytes
  }

  #headOf(row: number): Head {
    let at = row
    while (this.#heads[at] === 0) at -= 1
    return this.#heads[at] as Head
  }

  /** The parts of so many messages, their ends first. */
  #partsOf(fromRow: number, rows: number): ListedParts {
    const { codes, numbers, texts, shapes } = this.#writer
    const streamOf = <T>(list: readonly T[], stream: number): readonly T[] => {
      const [from, to] = [this.#startOf(fromRow, stream), this.#startOf(fromRow + rows, stream)]
      return from === 0 && to === list.length ? list : list.slice(from, to)
    }
    const ends = this.#ends.slice(ENDS * fromRow, ENDS * (fromRow + rows))
    if (fromRow > 0) for (let at = 0; at < ends.length; at++) ends[at]! -= this.#startOf(fromRow, at % ENDS)
    return {
      codes: ends.concat(streamOf(codes, STREAM.codes)),
      numbers: streamOf(numbers, STREAM.numbers),
      texts: streamOf(texts, STREAM.texts),
      shapes,
    }
  }

  /** Where a message begins in a stream, which is where the one before ends. */
  #startOf(row: number, stream: number): number {
    return row === 0 ? 0 : (this.#ends[ENDS * (row - 1) + stream] as number)
  }

  #valuesOf(row: number): HeldValues {
    if (this.#whole !== undefined) {
      this.#wholeValues ??= new BatchValues(this.#whole.read, this.rows, this.#binaries.from(0))
      return this.#wholeValues.of(row)
    }
    const parts = { parts: this.#partsOf(row, 1), codesFrom: 0, numbersFrom: 0 }
    return new BatchValues(() => parts, 1, this.#binaries.from(this.#startOf(row, STREAM.binaries))).of(0)
  }

  /** The JSON text of the parts of so many messages, or of the block in which they are. */
  #contentOf(fromRow: number, rows: number): string {
    if (this.#whole !== undefined) return this.#whole.content
    const parts = this.#partsOf(fromRow, rows)
    if (sizeOf(parts) < BLOCK_MIN_BYTES) return writeText(parts)
    try {
      const inBlock = this.#intoBlock(parts)
      if (rows === this.rows) {
        this.#whole = inBlock
        this.#letGo()
      }
      return inBlock.content
    } catch {
      // There is no memory for the block.
      return writeText(parts)
    }
  }

  /** Keeps nothing that is in its block: its messages may wait for long, and texts that grow old cost much to collect. */
  #letGo(): void {
    this.#writer.cutTo(NOTHING)
  }

  #intoBlock(parts: ListedParts): InBlock {
    const form = blockFormOf(parts)
    const block = this.#blocks.block(form.sizeBytes)
    writeBlock(parts, form, block.space)
    this.#contents.push(block)
    const { layout } = form
    return { content: `[${block.handle},[${layout.join()}]]`, read: () => readBlock(layout, block.space) }
  }
}

/** Whether the parts are in a block. */
export function isInBlock(content: Content): content is BlockContent {
  return content.length === 2
}

function isSame(head: Head, other: Head): boolean {
  if (head.length !== other.length) return false
  for (let at = 0; at < head.length; at++) if (head[at] !== other[at]) return false
  return true
}

/** Bytes of parts, about. */
function sizeOf({ codes, numbers, texts }: Parts): number {
  let sizeBytes = 4 * codes.length + 8 * numbers.length
  for (const text of texts) sizeBytes += text.length
  return sizeBytes
}
