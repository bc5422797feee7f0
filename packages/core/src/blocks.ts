import type { Handover } from './handover.js'

/** Bytes from which a binary travels in shared memory instead of in the text of a frame. */
export const BLOCK_MIN_BYTES = 2048

const SMALLEST_BYTES = 4096
const POOLED_BYTES = 32 * 1024 * 1024

/** A piece of shared memory that holds one large binary on its way. */
export interface Block {
  readonly ticket: number
  readonly memory: SharedArrayBuffer
  /** Whether the block is used again after its message was handled. */
  readonly isPooled: boolean
}

/** What stands in a message in place of a large binary: ticket, length in bytes, and 1 when the block will be used again. */
export type BlockHandle = readonly [ticket: number, sizeBytes: number, isPooled: 0 | 1]

/**
 * The sender's blocks of one link.
 *
 * A binary is copied in once here and out once at the receiver, and no thread ever reads memory that another one may free
 * (hazard H2). Blocks are handed over once and then used again, up to 32 MiB a link; what is beyond that travels in blocks of its own, which the
 * garbage collector takes when both sides have let go, however either of them ended.
 */
export class BlockLender {
  readonly #handover: Handover
  readonly #free = new Map<number, Block[]>()
  #pooledBytes = 0
  #lent: Block[] | undefined

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Copies bytes into a block. */
  lend(bytes: Uint8Array): BlockHandle {
    const block = this.#take(sizeClass(bytes.byteLength))
    new Uint8Array(block.memory).set(bytes)
    this.#lent ??= []
    this.#lent.push(block)
    return [block.ticket, bytes.byteLength, block.isPooled ? 1 : 0]
  }

  /** The blocks lent since the last call, to be kept with the message that mentions them. */
  takeLent(): readonly Block[] | undefined {
    const lent = this.#lent
    this.#lent = undefined
    return lent
  }

  /** Takes blocks back when their message was handled. */
  release(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (!block.isPooled) continue
      const size = block.memory.byteLength
      const free = this.#free.get(size)
      if (free === undefined) this.#free.set(size, [block])
      else free.push(block)
    }
  }

  #take(size: number): Block {
    const free = this.#free.get(size)?.pop()
    if (free !== undefined) return free
    const memory = new SharedArrayBuffer(size)
    const isPooled = this.#pooledBytes + size <= POOLED_BYTES
    if (isPooled) this.#pooledBytes += size
    return { ticket: this.#handover.offer(memory), memory, isPooled }
  }
}

/** The receiver's side of a link's blocks. */
export class BlockBorrower {
  readonly #handover: Handover
  readonly #known = new Map<number, SharedArrayBuffer>()

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Copies a binary out of its block. */
  read([ticket, sizeBytes, isPooled]: BlockHandle): ArrayBuffer {
    let memory = this.#known.get(ticket)
    if (memory === undefined) {
      memory = this.#handover.collect(ticket) as SharedArrayBuffer
      if (isPooled === 1) this.#known.set(ticket, memory)
    }
    return copyOut(memory, sizeBytes)
  }
}

/** Copies the first bytes of shared memory into memory of this thread's own. */
export function copyOut(memory: SharedArrayBuffer, sizeBytes: number): ArrayBuffer {
  const bytes = new Uint8Array(sizeBytes)
  bytes.set(new Uint8Array(memory, 0, sizeBytes))
  return bytes.buffer
}

/** Powers of two up to 1 MiB, whole MiB above: few sizes to pool, little waste. */
function sizeClass(bytes: number): number {
  const mebibyte = 1024 * 1024
  if (bytes > mebibyte) return Math.ceil(bytes / mebibyte) * mebibyte
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  return size
}
