/** What a value of a record of a shape is; texts of it are in `Shape.definition`. */
export const A_NUMBER = 0
export const A_TEXT = 1
/** `null`, `undefined`, `true` or `false`. */
export const A_CONSTANT = 2
/** Anything else, or anything at all. */
export const A_VALUE = 3

export type ValueKind = typeof A_NUMBER | typeof A_TEXT | typeof A_CONSTANT | typeof A_VALUE

const LETTERS = 'ntcv'

/** A record of more keys has the others as pairs behind those of its shape. */
export const MOST_KEYS = 32

/** What a writer may learn before it begins anew. */
const MOST_SHAPES = 4096

/**
 * Records with the same keys in the same order, whose values are of the same kinds: their keys are written once a
 * message. A writer finds the shape of a record while it reads it, from key to key: a shape knows those that are longer
 * by one key.
 */
export class Shape {
  readonly #parent: Shape | undefined
  readonly #key: string
  readonly #kind: ValueKind
  /** How many keys its records have. */
  readonly size: number
  /** The one that followed last: more often than not it is the next. */
  #last: Shape | undefined
  #longer: (Map<string, Shape> | undefined)[] | undefined
  #definition: string | undefined
  // Where it stands in the message that is being written.
  #message: object | undefined
  #index = 0

  constructor(parent?: Shape, key = '', kind: ValueKind = A_VALUE) {
    this.#parent = parent
    this.#key = key
    this.#kind = kind
    this.size = parent === undefined ? 0 : parent.size + 1
  }

  /** The shape with one key more. */
  with(key: string, kind: ValueKind): Shape {
    const last = this.#last
    if (last !== undefined && last.#key === key && last.#kind === kind) return last
    return (this.#last = this.#find(key, kind))
  }

  /** The index that it has in a message, or undefined. */
  indexIn(message: object): number | undefined {
    return this.#message === message ? this.#index : undefined
  }

  /** Gives it an index in a message. */
  enter(message: object, index: number): void {
    this.#message = message
    this.#index = index
  }

  /** What its reader makes it from: the JSON text of a list, the kinds of its values and then their keys. */
  get definition(): string {
    return (this.#definition ??= JSON.stringify([this.#kinds, ...this.#keys]))
  }

  get #kinds(): string {
    return this.#parent === undefined ? '' : `${this.#parent.#kinds}${LETTERS[this.#kind] as string}`
  }

  get #keys(): string[] {
    return this.#parent === undefined ? [] : [...this.#parent.#keys, this.#key]
  }

  #find(key: string, kind: ValueKind): Shape {
    this.#longer ??= []
    const ofKind = (this.#longer[kind] ??= new Map<string, Shape>())
    let longer = ofKind.get(key)
    if (longer === undefined) {
      longer = new Shape(this, key, kind)
      ofKind.set(key, longer)
      learnt += 1
    }
    return longer
  }
}

/** The shape of records without keys, from which all others are found. */
let root = new Shape()
let learnt = 0

/** Where a writer begins. What was learnt is forgotten when it has become too much. */
export function emptyShape(): Shape {
  if (learnt > MOST_SHAPES) {
    root = new Shape()
    learnt = 0
  }
  return root
}

/** How many shapes were learnt, ever growing but for when they are forgotten. */
export function shapesLearnt(): number {
  return learnt
}
