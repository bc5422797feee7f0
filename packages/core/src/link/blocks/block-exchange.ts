import { copyInto, copyOut } from '../../codec/binary.js'
import type { Space } from '../../codec/extension.js'
import type { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender, type Block, type BlockHandle } from './blocks.js'
import { FrameBlocks } from './frame-blocks.js'
import { blockOver, handOver, type SharedBlock } from './shared-block.js'

/** Bytes in a block. */
export type LentBytes = readonly [block: BlockHandle, sizeBytes: number]

/** The shared memory of messages on one link, in both directions, and of those that came back. */
export class BlockExchange {
  readonly #lender: BlockLender
  readonly #borrower: BlockBorrower
  /** Long frames. */
  readonly frames: FrameBlocks
  #lentBytes = 0
  #borrowedBytes = 0
  /** Blocks that were handed over and came back, by their tickets. */
  readonly #returned = new Map<number, SharedArrayBuffer>()

  constructor(handover: Handover) {
    this.#lender = new BlockLender(handover)
    this.#borrower = new BlockBorrower(handover)
    this.frames = new FrameBlocks(this.#lender, this.#borrower)
  }

  /** Bytes that were put into shared memory for the peer, ever. */
  get lentBytes(): number {
    return this.#lentBytes
  }

  /** Bytes that the peer had put there and that were found, ever. */
  get borrowedBytes(): number {
    return this.#borrowedBytes
  }

  /** Takes a block. Release it when what is in it was handled. */
  block(sizeBytes: number): Block {
    this.#lentBytes += sizeBytes
    return this.#lender.block(sizeBytes)
  }

  /** Finds a block of the peer. */
  find(handle: BlockHandle): Space {
    this.#borrowedBytes += handle[3]
    return this.#borrower.find(handle)
  }

  /** Copies bytes for the message that is posted next. */
  lend(bytes: Uint8Array): LentBytes {
    this.#lentBytes += bytes.byteLength
    const { handle, space } = this.#lender.take(bytes.byteLength)
    copyInto(space.bytes, bytes, space.offset)
    return [JSON.parse(handle) as BlockHandle, bytes.byteLength]
  }

  /** Copies the bytes out that the peer has lent. */
  borrow([handle, sizeBytes]: LentBytes): ArrayBuffer {
    const { bytes, offset } = this.find(handle)
    return copyOut(bytes.subarray(offset, offset + sizeBytes))
  }

  /** Hands the memory of a block over with the message that is posted next. */
  handOver(block: SharedBlock): BlockHandle {
    this.#lentBytes += block.sizeBytes
    return this.#lender.handOver({ memory: block.memory, sizeBytes: block.sizeBytes, handOver: () => handOver(block) })
  }

  /** Takes back what was put there for a message that is not posted. */
  abandon(): void {
    this.#lender.abandonLent()
  }

  /** The blocks taken since the last call, to be kept with the message that mentions them and that is posted now. */
  takeLent(): readonly Block[] | undefined {
    return this.#lender.takeLent()
  }

  /** Takes blocks back when their message was handled. */
  release(blocks: readonly Block[]): void {
    this.#lender.release(blocks)
  }

  /** Takes the block that the peer has handed over. */
  receive([, ticket, , sizeBytes]: BlockHandle): SharedBlock {
    this.#borrowedBytes += sizeBytes
    return blockOver(this.#borrower.collect(ticket), sizeBytes)
  }

  /** Keeps the blocks that had been handed over with a message that came back. */
  keep(blocks: readonly Block[]): void {
    for (const { ticket, memory } of blocks) this.#returned.set(ticket, memory)
  }

  /** Takes the block back that this side had handed over, for a message that came back. */
  takeReturned([, ticket, , sizeBytes]: BlockHandle): SharedBlock {
    return blockOver(this.#returned.get(ticket) as SharedArrayBuffer, sizeBytes)
  }
}
