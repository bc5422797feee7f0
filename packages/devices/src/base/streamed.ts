import { inRootContext } from '@zera/core/internal'
import { resultOf } from './call-result.js'

/** What yields values one after the other. */
export interface Streamed {
  return?(): unknown
}

/** Whether a call gave a stream instead of a value: a generator, another iterator, or something that `for await` reads. */
export function isStreamed(value: unknown): value is Streamed {
  if (typeof value !== 'object' || value === null) return false
  try {
    const found = value as Partial<Iterator<unknown> & Iterable<unknown> & AsyncIterable<unknown>>
    if (typeof found[Symbol.asyncIterator] === 'function') return true
    return typeof found.next === 'function' && typeof found[Symbol.iterator] === 'function'
  } catch {
    // What cannot be looked at is no stream.
    return false
  }
}

/**
 * Ends a stream that nothing will read, so that its source keeps nothing for it.
 *
 * @throws What its end throws.
 */
export async function endStreamed(streamed: Streamed): Promise<void> {
  await resultOf(inRootContext(() => streamed.return?.()))
}
