/** Items that a reader takes at first. */
export const STREAM_CREDIT = 64

/** The most that a reader takes ahead, when they are small. */
export const MOST_STREAM_CREDIT = 1024

/** Bytes that more than `STREAM_CREDIT` items may take together. */
const MOST_BYTES = 65_536

/** Properties of an item that are looked at. */
const MOST_PROPERTIES = 16

/**
 * Decides how far a generator may be ahead of its reader.
 *
 * It begins with `STREAM_CREDIT` items. When the reader has to wait for items, the way to it or the generator itself is
 * slow. So from then on it takes twice as many ahead, as long as all of them together are small. It does no IO.
 */
export class StreamWindow {
  #size = STREAM_CREDIT
  /** How much was read, and the largest item, since it last took more. */
  #read = 0
  #largest = 1
  #hasWaited = false

  /** The reader has to wait. */
  waits(): void {
    this.#hasWaited = true
  }

  /** The reader has read an item. Returns how many more it takes now; most of the time none. */
  read(item: unknown): number {
    this.#read += 1
    this.#largest = Math.max(this.#largest, roughBytes(item))
    return this.#read < this.#size / 2 ? 0 : this.#takeMore()
  }

  #takeMore(): number {
    const most = Math.min(MOST_STREAM_CREDIT, Math.max(STREAM_CREDIT, Math.floor(MOST_BYTES / this.#largest)))
    const size = Math.min(most, this.#hasWaited ? this.#size * 2 : this.#size)
    // When the window has shrunk, the items beyond it are read first.
    const more = Math.max(0, this.#read + size - this.#size)
    if (more > 0) {
      this.#size += more - this.#read
      this.#read = 0
      this.#largest = 1
      this.#hasWaited = false
    }
    return more
  }
}

/** About how many bytes an item takes; Infinity when that is not visible at a glance, or not at all. */
function roughBytes(item: unknown): number {
  try {
    return bytesAtAGlance(item)
  } catch {
    return Infinity
  }
}

function bytesAtAGlance(item: unknown): number {
  if (typeof item !== 'object' || item === null) return sizeOf(item)
  if (ArrayBuffer.isView(item)) return item.byteLength
  let bytes = 0
  let properties = 0
  for (const key in item) {
    const property: unknown = (item as Record<string, unknown>)[key]
    properties += 1
    if (properties > MOST_PROPERTIES || (typeof property === 'object' && property !== null)) return Infinity
    bytes += key.length + sizeOf(property)
  }
  // A value without visible own properties, such as a Map, may hold anything.
  return properties === 0 ? Infinity : bytes
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? 2 * value.length + 8 : 8
}
