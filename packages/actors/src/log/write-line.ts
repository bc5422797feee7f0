import { writeSync } from 'node:fs'

const word = new Int32Array(new SharedArrayBuffer(4))

/**
 * Writes all of a text to a descriptor before it returns, so that nothing of it is left in a thread that may be killed. Where the reader of a pipe is slow it waits for it; where
 * there is none any more the text is dropped.
 */
export function writeLine(descriptor: number, text: string): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(word, 0, 0, 1)
    }
  }
}
