import type { Space } from '../../codec/extension.js'
import type { Handover } from '../meeting/handover.js'
import { spaceAt, viewsOf, type Views } from './memory-space.js'

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
export interface Block {
  /** By which its receiver finds it: the JSON text of a `BlockHandle`. */
  readonly handle: string
  readonly space: Space
  /** The number of its slab; 0 when it is not used again after its message was handled. */
  readonly slab: number
  /** By which its memory was handed over. */
  readonly ticket: number
  readonly memory: SharedArrayBuffer
  readonly sizeBytes: number
  /** What the sender does with its `SharedBlock`, when that is handed over as it is. */
  readonly handedOver: HandedOver | undefined
}

/** By which the receiver finds a block: the number of its slab, the ticket of its memory, and where in there it is. */
export type BlockHandle = readonly [slab: number, ticket: number, offset: number, sizeBytes: number]

/** Memory that was cut into blocks of one size. */
interface Slab {
  readonly sizeBytes: number
  readonly blockBytes: number
  /** Blocks of it that are in use. */
  taken: number
}

/**
 * The sender's blocks of one link.
 *
 * What is large in a message is copied in once here and out once at the receiver, and no thread ever reads memory that
 * another one may free (hazard H2). Memory is handed over once, in slabs, and then used again, up to 32 MiB a link. For
 * blocks of another size slabs are given up that are not in use. What is beyond travels in memory of its own, which the
 * garbage collector takes when both sides have let go, however either of them ended.
 */
export class BlockLender {
  readonly #handover: Handover
  /** By the size of the blocks. */
  readonly #free = new Map<number, Block[]>()
  readonly #slabs = new Map<number, Slab>()
  /** Numbers of slabs that were given up: who has the next of a number lets go of the one before. */
  readonly #numbers: number[] = []
  #pooledBytes = 0
  #lent: Block[] | undefined

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Takes a block of at least a size for the message that is sent next. What was in it may still be there. */
  take(sizeBytes: number): Block {
    return this.#keep(this.block(sizeBytes))
  }

  /** Takes a block of at least a size for whoever asks. What was in it may still be there. */
  block(sizeBytes: number): Block {
    const size = sizeClass(sizeBytes)
    return this.takePooled(size) ?? (this.#cut(0, size, size)[0] as Block)
  }

  /** Takes a block that is used again when it is released, for whoever asks; undefined when there is none. */
  takePooled(sizeBytes: number): Block | undefined {
    const size = sizeClass(sizeBytes)
    const free = this.#freeOf(size)
    if (free.length === 0) this.#addSlab(size, free)
    const block = free.pop()
    if (block !== undefined) this.#slabOf(block).taken += 1
    return block
  }

  /** Hands a block over as it is, when its message is sent. Returns its handle, as JSON data. */
  handOver(handedOver: HandedOver): BlockHandle {
    const { memory, sizeBytes } = handedOver
    const ticket = this.#handover.reserve()
    const handle: BlockHandle = [0, ticket, 0, sizeBytes]
    const space = spaceAt(viewsOf(memory), 0)
    this.#keep({ slab: 0, ticket, memory, handle: JSON.stringify(handle), space, sizeBytes, handedOver })
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
    for (const block of blocks) {
      if (block.slab === 0) continue
      this.#slabOf(block).taken -= 1
      this.#freeOf(block.sizeBytes).push(block)
    }
  }

  #keep(block: Block): Block {
    this.#lent ??= []
    this.#lent.push(block)
    return block
  }

  /** Adds a slab of free blocks, if there is room for it. */
  #addSlab(blockBytes: number, free: Block[]): void {
    const sizeBytes = Math.max(blockBytes, SLAB_BYTES)
    for (const [number, slab] of this.#slabs) {
      if (this.#pooledBytes + sizeBytes <= POOLED_BYTES) break
      if (slab.taken === 0) this.#giveUp(number, slab)
    }
    if (this.#pooledBytes + sizeBytes > POOLED_BYTES) return
    this.#pooledBytes += sizeBytes
    const number = this.#numbers.pop() ?? this.#slabs.size + 1
    this.#slabs.set(number, { sizeBytes, blockBytes, taken: 0 })
    free.push(...this.#cut(number, sizeBytes, blockBytes).toReversed())
  }

  #giveUp(number: number, { sizeBytes, blockBytes }: Slab): void {
    this.#slabs.delete(number)
    this.#numbers.push(number)
    this.#pooledBytes -= sizeBytes
    const others = this.#freeOf(blockBytes).filter(({ slab }) => slab !== number)
    this.#free.set(blockBytes, others)
  }

  /** Hands memory over, and cuts it into blocks. */
  #cut(slab: number, slabBytes: number, sizeBytes: number): Block[] {
    const memory = new SharedArrayBuffer(slabBytes)
    const views = viewsOf(memory)
    const ticket = this.#handover.offer(memory)
    return Array.from({ length: Math.floor(slabBytes / sizeBytes) }, (_, at) => ({
      slab,
      ticket,
      memory,
      handle: `[${slab},${ticket},${at * sizeBytes},${sizeBytes}]`,
      space: spaceAt(views, at * sizeBytes),
      sizeBytes,
      handedOver: undefined,
    }))
  }

  #slabOf({ slab }: Block): Slab {
    return this.#slabs.get(slab) as Slab
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
  /** Slabs by their numbers. */
  readonly #slabs = new Map<number, { readonly ticket: number; readonly views: Views }>()

  constructor(handover: Handover) {
    this.#handover = handover
  }

  /** Finds a block of the other side; one without a slab once. */
  find([number, ticket, offset]: BlockHandle): Space {
    if (number === 0) return spaceAt(viewsOf(this.collect(ticket)), offset)
    let slab = this.#slabs.get(number)
    if (slab?.ticket !== ticket) this.#slabs.set(number, (slab = { ticket, views: viewsOf(this.collect(ticket)) }))
    return spaceAt(slab.views, offset)
  }

  /** Takes shared memory that was handed over. */
  collect(ticket: number): SharedArrayBuffer {
    return this.#handover.collect(ticket) as SharedArrayBuffer
  }
}

/** Four sizes between one power of two and the next: few to pool, little waste. */
export function sizeClass(bytes: number): number {
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  const step = size / 8
  return size === SMALLEST_BYTES ? size : Math.ceil(bytes / step) * step
}
