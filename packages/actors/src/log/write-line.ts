import { writeSync } from 'node:fs'

/** How long a line waits for a reader that takes nothing, in tries of a millisecond each. */
const MAX_LOOKS = 1000

const word = new Int32Array(new SharedArrayBuffer(4))

/**
 * Makes a function that writes lines to a descriptor. It writes each line before it returns, so that a killed thread
 * loses none. If the reader of a pipe is slow, it waits.
 *
 * The function throws the operating system's error when it cannot write a line: the disk is full (ENOSPC), the reader
 * has gone (EPIPE), the descriptor is closed (EBADF), or the reader has taken nothing for a second (EAGAIN). After
 * that, later lines do not wait until the reader has taken one.
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
