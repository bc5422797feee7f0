import { sizeClass } from './blocks.js'

/** Bytes that a thread keeps for blocks to come. */
const MAX_POOLED_BYTES = 64 * 1024 * 1024

const free = new Map<number, SharedArrayBuffer[]>()
let pooledBytes = 0

/**
 * Takes shared memory of at least a size; what was in it before may still be there. Fresh memory costs several times
 * what a copy into used one does.
 */
export function takeMemory(sizeBytes: number): SharedArrayBuffer {
  const size = sizeClass(sizeBytes)
  const memory = free.get(size)?.pop()
  if (memory === undefined) return new SharedArrayBuffer(size)
  pooledBytes -= size
  return memory
}

/** Gives back shared memory that is no longer in use. */
export function giveMemory(memory: SharedArrayBuffer): void {
  const size = memory.byteLength
  if (pooledBytes + size > MAX_POOLED_BYTES) return
  pooledBytes += size
  const ofSize = free.get(size)
  if (ofSize === undefined) free.set(size, [memory])
  else ofSize.push(memory)
}
