import { optimisations } from '../../base/runtime/optimisations.js'
import { copyOut } from '../../codec/binary.js'
import type { Space, Taken } from '../../codec/extension.js'
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
  readonly #returned = new Map<string, Block>()

  /** For the codec, unless large messages are to travel as text. */
  readonly memory = optimisations.blocks
    ? {
        borrow: {
          take: (sizeBytes: number): Taken => this.#take(sizeBytes),
          find: (handle: unknown): Space => this.#find(handle as BlockHandle),
        },
        reclaim: {
          take: (sizeBytes: number): Taken => this.#take(sizeBytes),
          find: (handle: unknown): Space => this.#findReturned(handle as BlockHandle),
        },
      }
    : undefined

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

  /** Copies bytes for the message that is posted next. */
  lend(bytes: Uint8Array): LentBytes {
    const { handle, space } = this.#take(bytes.byteLength)
    space.bytes.set(bytes)
    return [JSON.parse(handle) as BlockHandle, bytes.byteLength]
  }

  /** Copies the bytes out that the peer has lent. */
  borrow([handle, sizeBytes]: LentBytes): ArrayBuffer {
    return copyOut(this.#find(handle).bytes.subarray(0, sizeBytes))
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

  /** Keeps the blocks of a message that came back. */
  keep(blocks: readonly Block[] | undefined): void {
    for (const block of blocks ?? []) this.#returned.set(keyOf(block.number, block.ticket), block)
  }

  /** Takes the block back that this side had handed over, for a message that came back. */
  takeReturned([number, ticket, , sizeBytes]: BlockHandle): SharedBlock {
    return blockOver(this.#back(number, ticket).memory, sizeBytes)
  }

  #take(sizeBytes: number): Taken {
    this.#lentBytes += sizeBytes
    return this.#lender.take(sizeBytes)
  }

  #find(handle: BlockHandle): Space {
    this.#borrowedBytes += handle[3]
    return this.#borrower.find(handle)
  }

  #findReturned([number, ticket]: BlockHandle): Space {
    return this.#back(number, ticket).space
  }

  #back(number: number, ticket: number): Block {
    return this.#returned.get(keyOf(number, ticket)) as Block
  }
}

function keyOf(number: number, ticket: number): string {
  return `${number} ${ticket}`
}
