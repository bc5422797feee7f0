import { BlockGoneError } from '../../base/errors/errors.js'
import { expectNumber } from '../../base/values/expect-number.js'
import { copyInto, copyOut } from '../../codec/binary.js'
import { giveMemory, takeMemory } from './block-pool.js'

const WHOLE = { isWhole: true } as const

/** Makes the block over memory that has come with a message. */
export let blockOver: (memory: SharedArrayBuffer, sizeBytes: number) => SharedBlock
/** Says that a block belongs to another thread from now on, since a message with it was accepted. */
export let handOver: (block: SharedBlock) => void

/**
 * Bytes in shared memory that threads hand over instead of copying. In a message, at any depth, a block arrives as a
 * `SharedBlock` over the same memory.
 *
 * Only one thread has it at a time. Once a message with it is accepted for another thread, it is gone here; a message
 * that is given back brings it back. Release it when you are done, and the next block reuses its memory. A block that
 * is never released is garbage-collected like any object, even when the thread that had it was killed.
 *
 * Use it for large binaries where copies count. A `Uint8Array` in a message is copied in once and out once, and the
 * receiver owns its copy.
 *
 * @example
 *   thread.pipe.send(SharedBlock.from(image)) // one copy
 *   const block = (await thread.pipe.receive())?.value as SharedBlock
 *   look(block.bytes) // none
 *   block.release()
 */
export class SharedBlock {
  readonly sizeBytes: number
  #memory: SharedArrayBuffer | undefined
  #gone = 'released'

  static {
    blockOver = (memory, sizeBytes) => new SharedBlock(memory, sizeBytes)
    handOver = block => block.#handOver()
  }

  /** Blocks come from `SharedBlock.from`, `SharedBlock.allocate`, and in messages. */
  private constructor(memory: SharedArrayBuffer, sizeBytes: number) {
    this.#memory = memory
    this.sizeBytes = sizeBytes
  }

  /**
   * Makes a block to write in place. Its initial content is undefined.
   *
   * @throws {RangeError} When `sizeBytes` is no whole number from 0 on, or there is not enough memory.
   */
  static allocate(sizeBytes: number): SharedBlock {
    expectNumber('allocate a block', 'sizeBytes', sizeBytes, WHOLE)
    return new SharedBlock(takeMemory(sizeBytes), sizeBytes)
  }

  /** Copies bytes into a block. */
  static from(bytes: Uint8Array): SharedBlock {
    const block = SharedBlock.allocate(bytes.byteLength)
    copyInto(Buffer.from(block.memory), bytes, 0)
    return block
  }

  /**
   * The bytes, in place.
   *
   * @throws {BlockGoneError} When the block was handed over, or released.
   */
  get bytes(): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.memory, 0, this.sizeBytes)
  }

  /**
   * The memory that holds the bytes, from its beginning on.
   *
   * @throws {BlockGoneError}
   */
  get memory(): SharedArrayBuffer {
    if (this.#memory === undefined) throw new BlockGoneError(this.sizeBytes, this.#gone)
    return this.#memory
  }

  /**
   * Copies the bytes into memory of this thread's own.
   *
   * @throws {BlockGoneError}
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(copyOut(this.bytes))
  }

  /** Gives the memory back. Do not use views of the bytes after that. Releasing a block that is gone is harmless. */
  release(): void {
    if (this.#memory !== undefined) giveMemory(this.#memory)
    this.#memory = undefined
  }

  [Symbol.dispose](): void {
    this.release()
  }

  #handOver(): void {
    this.#memory = undefined
    this.#gone = 'handed over to another thread'
  }
}
