import { BUCKETS } from './histogram.js'

/** Methods, each of one definition, that have an entry of their own on a host. Those beyond them share entry 0. */
export const ENTRIES = 256
/** Bytes for the names of definitions and methods. */
const NAME_BYTES = 16_384

// Of 4 bytes each.
/** How many entries there are, with entry 0. It is written last, so that a reader sees no entry before it is there. */
export const COUNT = 0
/** Where the next name begins. */
export const NAMES_END = 1
const INTS = 2

// Of 8 bytes each: a histogram, then the entries.
const HISTOGRAM = 3 + BUCKETS
/** How late the thread was whenever its event loop should have turned, in a system that is observed. */
export const DELAY = 0
const FIRST_ENTRY = DELAY + HISTOGRAM

// Of an entry.
export const HANDLED = 0
/** Of those that were handled. */
export const FAILED = 1
/** How long handlers took, how long messages waited in the mailbox, and how long asks from this host took. */
export const RUN = 2
export const WAIT = RUN + HISTOGRAM
export const ASK = WAIT + HISTOGRAM
/** Where the names begin; 0 for entry 0. */
export const NAME = ASK + HISTOGRAM
const ENTRY = NAME + 1

/** Where an entry begins. */
export function entryAt(entry: number): number {
  return FIRST_ENTRY + entry * ENTRY
}

// Of a histogram; its buckets come behind.
export const SUM = 0
export const MAX = 1
export const NUMBER = 2
export const FIRST_BUCKET = 3

const FLOATS_AT = INTS * 4
const FLOATS = entryAt(ENTRIES)
const NAMES_AT = FLOATS_AT + FLOATS * 8

const BYTES = NAMES_AT + NAME_BYTES

/**
 * Memory for the times of one host. It could grow, and does not: such memory is taken page by page as it is used, and
 * few methods use little. Other memory of this size is cleared, and so taken, as a whole.
 */
export function createTimesMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES, { maxByteLength: BYTES })
}

/** The views of that memory. */
export interface TimesViews {
  readonly ints: Int32Array
  readonly floats: Float64Array
  readonly names: Uint8Array
}

export function viewsOfTimes(memory: SharedArrayBuffer): TimesViews {
  return {
    ints: new Int32Array(memory, 0, INTS),
    floats: new Float64Array(memory, FLOATS_AT, FLOATS),
    names: new Uint8Array(memory, NAMES_AT, NAME_BYTES),
  }
}
