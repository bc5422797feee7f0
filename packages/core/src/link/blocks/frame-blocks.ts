import { optimisations } from '../../base/runtime/optimisations.js'
import { isWide } from '../../codec/text-width.js'
import type { BlockBorrower, BlockHandle, BlockLender, Block } from './blocks.js'

/** From this many characters on, a frame travels in a block: ZeroMQ makes UTF-8 of it, which costs more. */
export const LONG_FRAME_CHARS = 1024
/** What stands for such a frame begins with it; no other frame does. */
export const LONG_FRAME = '~'

/** The long frames of one link, in both directions: what ZeroMQ carries says in which block they are. */
export class FrameBlocks {
  readonly #lender: BlockLender
  readonly #borrower: BlockBorrower
  /** Those that are in blocks and were not received, as far as is known, in the order of sending. */
  readonly #underWay: { readonly frame: number; readonly block: Block }[] = []

  constructor(lender: BlockLender, borrower: BlockBorrower) {
    this.#lender = lender
    this.#borrower = borrower
  }

  /**
   * What is to be sent for a long frame: the frame itself when the blocks are all taken.
   *
   * @param number Its number; it wraps around at 2^32.
   */
  put(frame: string, number: number): string {
    if (!optimisations.blocks) return frame
    const wide = isWide(frame)
    const sizeBytes = wide ? 2 * frame.length : frame.length
    const block = this.#lender.takePooled(sizeBytes)
    if (block === undefined) return frame
    const { bytes, offset } = block.space
    bytes.write(frame, offset, wide ? 'utf16le' : 'latin1')
    this.#underWay.push({ frame: number, block })
    return `${LONG_FRAME}[${block.handle},${wide ? -sizeBytes : sizeBytes}]`
  }

  /** The frame that was sent as this, which begins with `LONG_FRAME`. */
  get(sent: string): string {
    const [handle, size] = JSON.parse(sent.slice(1)) as [BlockHandle, number]
    const { bytes, offset } = this.#borrower.find(handle)
    return bytes.toString(size < 0 ? 'utf16le' : 'latin1', offset, offset + Math.abs(size))
  }

  /**
   * Uses the blocks again of what was received. Returns whether any are under way.
   *
   * @param frames How many frames were.
   */
  received(frames: number): boolean {
    let received = 0
    // Both numbers wrap around.
    while (received < this.#underWay.length && (((this.#underWay[received]?.frame ?? 0) - frames) | 0) <= 0)
      received += 1
    if (received > 0) this.#lender.release(this.#underWay.splice(0, received).map(({ block }) => block))
    return this.#underWay.length > 0
  }
}
