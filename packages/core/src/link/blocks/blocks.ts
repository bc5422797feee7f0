import type { Handover } from '../meeting/handover.js'

/** From this many bytes on, a binary travels in shared memory instead of in the text of a frame. */
export const BLOCK_MIN_BYTES = 2048

const SMALLEST_BYTES = 4096
const POOLED_BYTES = 32 * 1024 * 1024

/** A block that another thread has from now on. */
export interface HandedOver {
  readonly memory: SharedArrayBuffer
  readonly sizeBytes: number
  handOver(): void
}

/** A piece of shared memory that holds one large binary on its way. */
export interface Block {
  readonly ticket: number
  readonly memory: SharedArrayBuffer
  /** Whether the block is used again after its message was handled. */
  readonly isPooled: boolean
  /** What the sender does with its `SharedBlock`, when that is handed over as it is. */
  readonly handedOver: HandedOver | undefined
}

/**
 * What stands in a message instead of a large binary: ticket, length in bytes, and 1 when the block will be used again.
 * A `SharedBlock` has 2 there.
 */
export type BlockHandle = readonly [ticket: number, sizeBytes: number, kind: 0 | 1 | 2]

/**
 * The sender's blocks of one link.
 *
 * A binary is copied in once here and out once at the receiver, and no thread ever reads memory that another one may
 * free (hazard H2). Blocks are handed over once and then used again, up to 32 MiB a link; what is beyond that travels
 * in blocks of its own, which the garbage collector takes when both sides have let go, however either of them ended.
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
    this.#keep(block)
    return [block.ticket, bytes.byteLength, block.isPooled ? 1 : 0]
  }

  /** Hands a block over as it is, when its message is sent. */
  handOver(block: HandedOver): BlockHandle {
    const ticket = this.#handover.reserve()
    this.#keep({ ticket, memory: block.memory, isPooled: false, handedOver: block })
    return [ticket, block.sizeBytes, 2]
  }

  /** The blocks lent since the last call, to be kept with the message that mentions them and that is sent now. */
  takeLent(): readonly Block[] | undefined {
    const lent = this.#lent
    this.#lent = undefined
    for (const { ticket, memory, handedOver } of lent ?? []) {
      if (handedOver === undefined) continue
      this.#handover.leave(ticket, memory)
      handedOver.handOver()
    }
    return lent
  }

  /** Takes back what was lent since then, for a message that is not sent. */
  abandonLent(): void {
    this.release(this.#lent ?? [])
    this.#lent = undefined
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

  #keep(block: Block): void {
    this.#lent ??= []
    this.#lent.push(block)
  }

  #take(size: number): Block {
    const free = this.#free.get(size)?.pop()
    if (free !== undefined) return free
    const memory = new SharedArrayBuffer(size)
    const isPooled = this.#pooledBytes + size <= POOLED_BYTES
    if (isPooled) this.#pooledBytes += size
    return { ticket: this.#handover.offer(memory), memory, isPooled, handedOver: undefined }
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
  read([ticket, sizeBytes, kind]: BlockHandle): ArrayBuffer {
    let memory = this.#known.get(ticket)
    if (memory === undefined) {
      memory = this.collect(ticket)
      if (kind === 1) this.#known.set(ticket, memory)
    }
    return copyOut(memory, sizeBytes)
  }

  /** Takes shared memory that was handed over. */
  collect(ticket: number): SharedArrayBuffer {
    return this.#handover.collect(ticket) as SharedArrayBuffer
  }
}

/** Copies the first bytes of shared memory into memory of this thread's own. */
export function copyOut(memory: SharedArrayBuffer, sizeBytes: number): ArrayBuffer {
  // Memory of its own, and not cleared, since every byte is written.
  const bytes = Buffer.allocUnsafeSlow(sizeBytes)
  bytes.set(new Uint8Array(memory, 0, sizeBytes))
  return bytes.buffer
}

/** Powers of two up to 1 MiB, whole MiB above: few sizes to pool, little waste. */
export function sizeClass(bytes: number): number {
  const mebibyte = 1024 * 1024
  if (bytes > mebibyte) return Math.ceil(bytes / mebibyte) * mebibyte
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  return size
}
