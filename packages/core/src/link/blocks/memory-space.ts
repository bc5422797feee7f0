import type { Space } from '../../codec/extension.js'

/** Shared memory in the three views that codecs use, each made once for all blocks in it. */
export type Views = Omit<Space, 'offset'>

/** Looks at memory whose size is a multiple of 8. */
export function viewsOf(memory: SharedArrayBuffer): Views {
  return { bytes: Buffer.from(memory), doubles: new Float64Array(memory), integers: new Int32Array(memory) }
}

/** @param offset A multiple of 8. */
export function spaceAt({ bytes, doubles, integers }: Views, offset: number): Space {
  return { bytes, doubles, integers, offset }
}
