import { copyOut } from './binary.js'
import type { Binaries } from './parts.js'

/** The binaries of a message that is put together where it was taken apart. */
export class OwnBinaries implements Binaries {
  readonly #binaries: readonly Uint8Array[]

  constructor(binaries: readonly Uint8Array[]) {
    this.#binaries = binaries
  }

  take(index: number): ArrayBuffer | undefined {
    const bytes = this.#binaries[index]
    return bytes === undefined ? undefined : copyOut(bytes)
  }

  view(index: number): Uint8Array | undefined {
    return this.#binaries[index]
  }
}
