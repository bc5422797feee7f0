import type { Space } from '../../codec/extension.js'

/** A place in shared memory, in the three views that codecs use. */
export class MemorySpace implements Space {
  readonly bytes: Buffer
  readonly doubles: Float64Array
  readonly integers: Int32Array

  /** @param offset A multiple of 8, as `sizeBytes` is. */
  constructor(memory: SharedArrayBuffer, offset: number, sizeBytes: number) {
    this.bytes = Buffer.from(memory, offset, sizeBytes)
    this.doubles = new Float64Array(memory, offset, sizeBytes / 8)
    this.integers = new Int32Array(memory, offset, sizeBytes / 4)
  }
}
