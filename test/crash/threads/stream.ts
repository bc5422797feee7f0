import { ActorDownError } from '@zera/actors'
import type { Truth } from '../records/truth.js'

/** Items after which a stream is in full flow: more than its credit. */
const MANY = 200

/** Yields 0, 1, 2 and so on until all are released. */
export async function* countUp(truth: Truth): AsyncGenerator<number, void, void> {
  for (let number = 0; !truth.isReleased; number++) {
    yield number
    // Others on this thread have their turn.
    if (number % MANY === 0) await new Promise<void>(resolve => setImmediate(resolve))
  }
}

/** Reads to the end, which is that of the stream or of the thread that makes it. */
export async function readAll(truth: Truth, stream: AsyncIterable<number>): Promise<void> {
  let expected = 0
  try {
    for await (const number of stream) {
      if (number !== expected) truth.noteMisread()
      expected += 1
      if (expected === MANY) truth.noteReader()
    }
  } catch (error) {
    if (!(error instanceof ActorDownError)) truth.noteMisread()
  }
}
