/** Entries of the ring: this many of the last starts and ends of handlers. */
export const RING = 128
/** The number of actors of one host with a slot of their own. Actors beyond it share slot 0, which has no reader. */
export const SLOTS = 1024
/** Bytes for the names of methods, each written once. */
export const NAME_BYTES = 8192

// Words of 8 bytes, first, so that they are aligned.
export const EPOCH_OFFSET = 0
export const LOOKED_AT = 1
export const HEAP_BYTES = 2
export const UTILIZATION = 3
/** The number of the thread in Node, and in the operating system; 0 when that is not known. */
export const THREAD_ID = 4
export const OS_THREAD = 5
export const RING_TIMES = 6
export const SLOT_TIMES = RING_TIMES + RING
const FLOATS = SLOT_TIMES + SLOTS

// Words of 4 bytes, behind them.
/** How many entries were ever written. */
export const HEAD = 0
/** The actor whose handler has the thread; 0 when none has. */
export const RUNNING = 1
export const RING_ACTORS = 2
export const RING_WHATS = RING_ACTORS + RING
export const SLOT_ACTORS = RING_WHATS + RING
/** The current message; 0 for none. */
export const SLOT_WHATS = SLOT_ACTORS + SLOTS
export const SLOT_HANDLED = SLOT_WHATS + SLOTS
export const SLOT_WAITING = SLOT_HANDLED + SLOTS
const INTS = SLOT_WAITING + SLOTS

const INTS_AT = FLOATS * 8
const NAMES_AT = INTS_AT + INTS * 4

/** The bytes of shared memory that a black box takes. */
export const BLACK_BOX_BYTES = NAMES_AT + NAME_BYTES

/** The three views of a black box's memory. */
export interface BlackBoxViews {
  readonly floats: Float64Array
  readonly ints: Int32Array
  readonly names: Uint8Array
}

export function viewsOf(memory: SharedArrayBuffer): BlackBoxViews {
  return {
    floats: new Float64Array(memory, 0, FLOATS),
    ints: new Int32Array(memory, INTS_AT, INTS),
    names: new Uint8Array(memory, NAMES_AT, NAME_BYTES),
  }
}

/** The kinds of messages, in the order of their codes. */
export const KINDS = ['tell', 'ask', 'stream', 'more', 'close', 'self'] as const

// A `what` is never 0: name << 5 | kind << 2 | isEnd << 1 | 1.
const KIND_BITS = 2
const NAME_BITS = 5

/** Packs an entry into one word. The name is its position among the names. */
export function whatOf(name: number, kind: number): number {
  return (name << NAME_BITS) | (kind << KIND_BITS) | 1
}

/** The end of what began. */
export function endOf(what: number): number {
  return what | 2
}

export const isEnd = (what: number): boolean => (what & 2) !== 0
export const kindOf = (what: number): (typeof KINDS)[number] => KINDS[(what >> KIND_BITS) & 7] ?? 'self'
export const nameAt = (what: number): number => what >>> NAME_BITS
