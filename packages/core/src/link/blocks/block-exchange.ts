import type { Handover } from '../meeting/handover.js'
import { BlockBorrower, BlockLender, copyOut, type Block, type BlockHandle } from './blocks.js'
import { blockOver, handOver, type SharedBlock } from './shared-block.js'

const HANDED_OVER = 2

/** The large binaries that travel on one link, in both directions, and those that came back. */
export class BlockExchange {
  readonly #lender: BlockLender
  readonly #borrower: BlockBorrower
  #lentBytes = 0
  #borrowedBytes = 0
  readonly #returned = new Map<number, SharedArrayBuffer>()

  constructor(handover: Handover) {
    this.#lender = new BlockLender(handover)
    this.#borrower = new BlockBorrower(handover)
  }

  /** Bytes that were put into shared memory for the peer, ever. */
  get lentBytes(): number {
    return this.#lentBytes
  }

  /** Bytes that the peer had put there and that were taken, ever. */
  get borrowedBytes(): number {
    return this.#borrowedBytes
  }

  /** Puts bytes into shared memory for the message that is posted next. Returns what the message says in their place. */
  lend(bytes: Uint8Array): BlockHandle {
    this.#lentBytes += bytes.byteLength
    return this.#lender.lend(bytes)
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

  /** The blocks lent since the last call, to be kept with the message that mentions them and that is posted now. */
  takeLent(): readonly Block[] | undefined {
    return this.#lender.takeLent()
  }

  /** Takes blocks back when their message was handled. */
  release(blocks: readonly Block[]): void {
    this.#lender.release(blocks)
  }

  /** Copies bytes out that the peer has lent, or takes the block that it has handed over. */
  borrow(handle: BlockHandle): ArrayBuffer | SharedBlock {
    this.#borrowedBytes += handle[1]
    return handle[2] === HANDED_OVER
      ? blockOver(this.#borrower.collect(handle[0]), handle[1])
      : this.#borrower.read(handle)
  }

  /** Keeps the blocks of a message that came back. */
  keep(blocks: readonly Block[] | undefined): void {
    for (const block of blocks ?? []) this.#returned.set(block.ticket, block.memory)
  }

  /**
   * Copies bytes out that this side had lent, or takes back the block that it had handed over, for a message that came
   * back.
   */
  reclaim([ticket, sizeBytes, kind]: BlockHandle): ArrayBuffer | SharedBlock {
    const memory = this.#returned.get(ticket) as SharedArrayBuffer
    return kind === HANDED_OVER ? blockOver(memory, sizeBytes) : copyOut(memory, sizeBytes)
  }
}
