/** What yields values one after the other. */
export interface Streamed {
  return?(): unknown
}

/**
 * Whether a call gave a stream instead of a value: a generator, another iterator that is iterable, or an async
 * iterable.
 */
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
