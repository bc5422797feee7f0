import { optimisations } from './optimisations.js'

/** From so many bytes on, memory is large: its pages cost more than what is done with it. */
const LARGE_BYTES = 16 * 1024
/** Somewhat less than the most that glibc learns from. */
const LESSON_BYTES = 31 * 1024 * 1024

let isTaught = !optimisations.memory

/**
 * Memory of so many bytes is about to be taken for a short time, and likely as much again afterwards.
 *
 * Glibc gives freed memory of more than 128 KiB back to the system at once, so each message with large bytes would take
 * its pages anew. It learns from what is freed: once it is as large as this, up to twice as much is kept for the next
 * ones. No page of it is touched, so it takes no memory. Other allocators do not notice.
 */
export function useLargeMemory(sizeBytes: number): void {
  if (isTaught || sizeBytes < LARGE_BYTES) return
  isTaught = true
  try {
    Buffer.allocUnsafeSlow(LESSON_BYTES)
  } catch {
    // There is not as much. What is there will do.
  }
}
