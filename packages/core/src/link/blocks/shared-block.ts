import { BlockGoneError } from '../../base/errors/errors.js'
import { giveMemory, takeMemory } from './block-pool.js'
import { copyOut } from './blocks.js'

/**
 * Bytes in shared memory that are handed over from thread to thread instead of copied: in a message, to any depth, it
 * arrives as a `SharedBlock` over the same memory.
 *
 * One thread has it at a time: when a message with it was accepted for another thread it is gone here, and a message
 * that is given back brings it back. Whoever is done with it releases it, and its memory is used for the next one. One
 * that nobody releases is collected like any object, also when the thread that had it was killed.
 *
 * Use it for large binaries where copies count. A `Uint8Array` in a message is copied in once and out once, and is the
 * receiver's own.
 *
 * @example
 *   ;```ts
 *   thread.pipe.send(SharedBlock.from(image)) // one copy
 *   const block = (await thread.pipe.receive())?.value as SharedBlock
 *   look(block.bytes) // none
 *   block.release()
 *   ```
 */
export class SharedBlock {
  readonly sizeBytes: number
  #memory: SharedArrayBuffer | undefined
  #gone = 'released'

  /** Blocks come from `SharedBlock.from`, `SharedBlock.allocate`, and in messages. */
  constructor(memory: SharedArrayBuffer, sizeBytes: number) {
    this.#memory = memory
    this.sizeBytes = sizeBytes
  }

  /**
   * Makes a block to be written in place. What is in it is anything.
   *
   * @throws {RangeError} When there is no such memory
   * to be had.
   */
  static allocate(sizeBytes: number): SharedBlock {
    return new SharedBlock(takeMemory(sizeBytes), sizeBytes)
  }

  /** Copies bytes into a block. */
  static from(bytes: Uint8Array): SharedBlock {
    const block = SharedBlock.allocate(bytes.byteLength)
    block.bytes.set(bytes)
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
   * The memory that the bytes lie in, at its beginning.
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
    return new Uint8Array(copyOut(this.memory, this.sizeBytes))
  }

  /** Gives the memory back; views of the bytes must not be used any more. Releasing what is gone is fine. */
  release(): void {
    if (this.#memory !== undefined) giveMemory(this.#memory)
    this.#memory = undefined
  }

  /** The block is another thread's from now on. Called when a message with it was accepted. */
  handOver(): void {
    this.#memory = undefined
    this.#gone = 'handed over to another thread'
  }

  [Symbol.dispose](): void {
    this.release()
  }
}
