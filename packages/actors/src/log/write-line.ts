import { writeSync } from 'node:fs'

/** How long a line waits for a reader that takes nothing, in looks of a millisecond each. */
const MAX_LOOKS = 1000

const word = new Int32Array(new SharedArrayBuffer(4))

/**
 * Makes what writes lines to a descriptor, each of them before it returns, so that nothing of it is left in a thread
 * that may be killed. Where the reader of a pipe is slow it waits.
 *
 * What it makes throws what the system says when a line cannot be written: the disk is full (ENOSPC), the reader has
 * gone (EPIPE), the descriptor is closed (EBADF), or the reader has taken nothing for a second (EAGAIN). Then the lines
 * after it wait no more, until the reader takes one.
 */
export function lineWriter(
  descriptor: number,
  writeSome: (descriptor: number, bytes: Uint8Array) => number = writeSync,
): (text: string) => void {
  let isTorn = false
  let looksLeft = MAX_LOOKS
  return text => {
    const all = Buffer.from(isTorn ? `\n${text}` : text)
    let at = 0
    while (at < all.length) {
      try {
        const written = writeSome(descriptor, all.subarray(at))
        at += written
        isTorn = at < all.length
        looksLeft = MAX_LOOKS
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || looksLeft === 0) throw error
        looksLeft -= 1
        Atomics.wait(word, 0, 0, 1)
      }
    }
  }
}
