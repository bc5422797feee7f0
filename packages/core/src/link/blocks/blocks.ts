import type { Space, Taken } from '../../codec/extension.js'
import type { Handover } from '../meeting/handover.js'
import { MemorySpace } from './memory-space.js'

const SMALLEST_BYTES = 1024
/** Memory is handed over in pieces of this size, or of a block where that is larger. */
const SLAB_BYTES = 64 * 1024
const POOLED_BYTES = 32 * 1024 * 1024

/** A block that another thread has from now on. */
export interface HandedOver {
  readonly memory: SharedArrayBuffer
  readonly sizeBytes: number
  handOver(): void
}

/** A piece of shared memory that belongs to one message on its way. */
export interface Block extends Taken {
  /** Names it among those of its link; 0 when it is not used again after its message was handled. */
  readonly number: number
  /** By which its memory was handed over. */
  readonly ticket: number
  readonly memory: SharedArrayBuffer
  readonly sizeBytes: number
  /** What the sender does with its `SharedBlock`, when that is handed over as it is. */
  readonly handedOver: HandedOver | undefined
}

/** By which the receiver finds a block: its number, or 0; the ticket of its memory; and where in there it is. */
export type BlockHandle = readonly [number: number, ticket: number, offset: number, sizeBytes: number]

/**
 * The sender's blocks of one link.
 *
 * What is large in a message is copied in once here and out once at the receiver, and no thread ever reads memory that
 * another one may free (hazard H2). Memory is handed over once and then used again, up to 32 MiB a link; what is beyond
 * that travels in blocks of its own, which the garbage collector takes when both sides have let go, however either of
 * them ended.
 */
export class BlockLender {
  readonly #handover: Handover
  readonly #free = new Map<number, Block[]>()
  #blocks = 0
  #pooledBytes = 0
  #lent: Block[] | undefined

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Takes a block of at least a size for the message that is sent next. What was in it may still be there. */
  take(sizeBytes: number): Block {
    const size = sizeClass(sizeBytes)
    return this.#keep(this.takePooled(size) ?? (this.#cut(size, size, () => 0)[0] as Block))
  }

  /** Takes a block that is used again when it is released, for whoever asks; undefined when there is none. */
  takePooled(sizeBytes: number): Block | undefined {
    const size = sizeClass(sizeBytes)
    const free = this.#freeOf(size)
    const block = free.pop()
    if (block !== undefined) return block
    const slabBytes = Math.max(size, SLAB_BYTES)
    if (this.#pooledBytes + slabBytes > POOLED_BYTES) return undefined
    this.#pooledBytes += slabBytes
    free.push(...this.#cut(slabBytes, size, () => (this.#blocks += 1)).toReversed())
    return free.pop()
  }

  /** Hands a block over as it is, when its message is sent. Returns its handle, as JSON data. */
  handOver(handedOver: HandedOver): BlockHandle {
    const { memory, sizeBytes } = handedOver
    const ticket = this.#handover.reserve()
    const handle: BlockHandle = [0, ticket, 0, sizeBytes]
    const space = new MemorySpace(memory, 0, 0)
    this.#keep({ number: 0, ticket, memory, handle: JSON.stringify(handle), space, sizeBytes, handedOver })
    return handle
  }

  /** The blocks taken since the last call, to be kept with the message that mentions them and that is sent now. */
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

  /** Takes back what was taken since then, for a message that is not sent. */
  abandonLent(): void {
    this.release(this.#lent ?? [])
    this.#lent = undefined
  }

  /** Takes blocks back when their message was handled. */
  release(blocks: readonly Block[]): void {
    for (const block of blocks) if (block.number > 0) this.#freeOf(block.sizeBytes).push(block)
  }

  #keep(block: Block): Block {
    this.#lent ??= []
    this.#lent.push(block)
    return block
  }

  /** Hands memory over, and cuts it into blocks. */
  #cut(slabBytes: number, sizeBytes: number, numberOf: () => number): Block[] {
    const memory = new SharedArrayBuffer(slabBytes)
    const ticket = this.#handover.offer(memory)
    return Array.from({ length: Math.floor(slabBytes / sizeBytes) }, (_, at) => {
      const number = numberOf()
      const offset = at * sizeBytes
      return {
        number,
        ticket,
        memory,
        handle: `[${number},${ticket},${offset},${sizeBytes}]`,
        space: new MemorySpace(memory, offset, sizeBytes),
        sizeBytes,
        handedOver: undefined,
      }
    })
  }

  #freeOf(size: number): Block[] {
    let free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, (free = []))
    return free
  }
}

/** The receiver's side of a link's blocks. */
export class BlockBorrower {
  readonly #handover: Handover
  /** Memory of which blocks are used again, by its ticket. */
  readonly #slabs = new Map<number, SharedArrayBuffer>()
  readonly #spaces = new Map<number, Space>()

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Finds a block of the other side. */
  find([number, ticket, offset, sizeBytes]: BlockHandle): Space {
    const known = number === 0 ? undefined : this.#spaces.get(number)
    if (known !== undefined) return known
    const space = new MemorySpace(number === 0 ? this.collect(ticket) : this.#slab(ticket), offset, sizeBytes)
    if (number > 0) this.#spaces.set(number, space)
    return space
  }

  /** Takes shared memory that was handed over. */
  collect(ticket: number): SharedArrayBuffer {
    return this.#handover.collect(ticket) as SharedArrayBuffer
  }

  #slab(ticket: number): SharedArrayBuffer {
    let memory = this.#slabs.get(ticket)
    if (memory === undefined) this.#slabs.set(ticket, (memory = this.collect(ticket)))
    return memory
  }
}

/** Four sizes between one power of two and the next: few to pool, little waste. */
export function sizeClass(bytes: number): number {
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  const step = size / 8
  return size === SMALLEST_BYTES ? size : Math.ceil(bytes / step) * step
}
