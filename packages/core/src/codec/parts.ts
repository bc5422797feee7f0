/**
 * What a message consists of: one walk through its values, taken apart into streams that are each of one kind, so that
 * each travels in the way that is best for it. Readers take from each stream in the order in which writers put there.
 *
 * `codes` says what follows: `REPEATS` or `NO_REPEATS`, how many values there are, and then each of them. `N` is a
 * number and `T` a text, from the other streams, as binaries are; `value` stands for the codes of a value, and `c` for
 * a code that is a count or an index.
 *
 *     NUMBER N    TEXT T    NULL    TRUE    FALSE    UNDEFINED    BIGINT T
 *     LIST c items                   an array of so many, each a value or part of a run: NUMBERS c N…, TEXTS c T…
 *     DOUBLES c, INTEGERS c          an array of so many numbers, which are a binary
 *     ARRAY c items N pairs          as LIST, with holes or named properties; N is its length
 *     SHAPE + c                      a record of the shape with that index, and its values; see `Shape`
 *     RECORD pairs                   a record of no shape
 *     DATE N    REGEXP T T    BOXED value    MAP c items    SET c items
 *     ERROR c T T T? T? pairs pairs  type, name, and message and stack if `c` has their bits; hidden and shown
 *     BUFFER N                       a binary; how far it can grow, or -1
 *     VIEW c value N N               index of a type, buffer, offset, length
 *     EXTENSION T                    JSON text of what the extension wrote
 *     AGAIN c                        the object that was met as number `c`
 *     LATER code                     an object of that kind, which is written when all others are: it was too deep
 *
 * `pairs` are a key `T` and a value, with `PAIR` before each and `END` behind all. Objects are numbered in the order in
 * which they are met, by writer and reader alike: that is what AGAIN counts.
 */
export interface Parts {
  readonly codes: ArrayLike<number>
  readonly numbers: ArrayLike<number>
  readonly texts: readonly string[]
  /** See `Shape.definition`. */
  readonly shapes: readonly string[]
}

export const NUMBER = 0
export const TEXT = 1
export const NULL = 2
export const TRUE = 3
export const FALSE = 4
export const UNDEFINED = 5
export const BIGINT = 6
export const LIST = 7
export const NUMBERS = 8
export const TEXTS = 9
export const DOUBLES = 10
export const INTEGERS = 11
export const ARRAY = 12
export const RECORD = 13
export const DATE = 14
export const REGEXP = 15
export const BOXED = 16
export const MAP = 17
export const SET = 18
export const ERROR = 19
export const BUFFER = 20
export const VIEW = 21
export const EXTENSION = 22
export const AGAIN = 23
export const LATER = 24
export const PAIR = 25
export const END = 26
/** Codes from here on are records of shapes. */
export const SHAPE = 32

/** The first code of a message: whether AGAIN occurs, so that its reader has to number objects. */
export const NO_REPEATS = 0
export const REPEATS = 1

/** The bits of an error. */
export const HAS_MESSAGE = 1
export const HAS_STACK = 2

/**
 * How many objects stand inside one another before what is deeper is written behind all others. Neither writer nor
 * reader can overflow the stack, however deep a message is.
 */
export const MAX_DEPTH = 200

/** Where a reader finds the binaries of a message, each by its number in their order. */
export interface Binaries {
  /** Copies a binary into memory that belongs to the receiver alone; undefined when there is none that can be read. */
  take(index: number): ArrayBuffer | undefined
  /** A look at a binary, until the message is read, that begins at a multiple of 8. */
  view(index: number): Uint8Array | undefined
}
