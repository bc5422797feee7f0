import { optimisations } from '../../base/runtime/optimisations.js'
import { isWide } from '../../codec/text-width.js'
import type { BlockBorrower, BlockHandle, BlockLender, Block } from './blocks.js'

/** From this many characters on, a frame travels in a block: ZeroMQ makes UTF-8 of it, which costs more. */
const MIN_CHARS = 1024
/** What such a frame begins with; no other does. */
const MARK = '~'

/** The long frames of one link, in both directions: what ZeroMQ carries says in which block they are. */
export class FrameBlocks {
  readonly #lender: BlockLender
  readonly #borrower: BlockBorrower
  /** Frames that were sent; it wraps around at 2^32. */
  #sent = 0
  /** Those that are in blocks and were not received, as far as is known, in the order of sending. */
  readonly #underWay: { readonly frame: number; readonly block: Block }[] = []

  constructor(lender: BlockLender, borrower: BlockBorrower) {
    this.#lender = lender
    this.#borrower = borrower
  }

  /** What is to be sent for a frame: the frame itself, when it is short or the blocks are all taken. */
  put(frame: string): string {
    this.#sent = (this.#sent + 1) | 0
    if (frame.length < MIN_CHARS || !optimisations.blocks) return frame
    const wide = isWide(frame)
    const sizeBytes = wide ? 2 * frame.length : frame.length
    const block = this.#lender.takePooled(sizeBytes)
    if (block === undefined) return frame
    block.space.bytes.write(frame, wide ? 'utf16le' : 'latin1')
    this.#underWay.push({ frame: this.#sent, block })
    return `${MARK}[${block.handle},${wide ? -sizeBytes : sizeBytes}]`
  }

  /** The frame that was sent as this. */
  get(sent: string): string {
    if (!sent.startsWith(MARK)) return sent
    const [handle, size] = JSON.parse(sent.slice(1)) as [BlockHandle, number]
    return this.#borrower.find(handle).bytes.toString(size < 0 ? 'utf16le' : 'latin1', 0, Math.abs(size))
  }

  /**
   * Uses the blocks again of what was received.
   *
   * @param frames How many frames were.
   */
  received(frames: number): void {
    let received = 0
    // Both numbers wrap around.
    while (received < this.#underWay.length && (((this.#underWay[received]?.frame ?? 0) - frames) | 0) <= 0)
      received += 1
    if (received > 0) this.#lender.release(this.#underWay.splice(0, received).map(({ block }) => block))
  }
}
