import { types } from 'node:util'
import { compileFunction } from 'node:vm'

/**
 * One value of a message: one that a cell can hold as it is, `undefined`, or a plain object of such cells, by the names
 * of its properties.
 */
export type ValueShape = 'cell' | 'undefined' | readonly string[]

const MOST_KEYS = 32

/** The shape of a value; undefined when it has none: it, or what is in it, takes more than cells. */
export function shapeOf(value: unknown): ValueShape | undefined {
  if (isCell(value)) return 'cell'
  if (value === undefined) return 'undefined'
  if (!isPlainObject(value)) return undefined
  const keys = Object.keys(value)
  // JSON.parse would make it a property, and the text of an object its prototype.
  if (keys.length > MOST_KEYS || keys.includes('__proto__')) return undefined
  // Where rows cannot go, the message behind each row is written instead, and no JSON text may have such a key: only the codec knows how.
  if (keys.some(hasEscape)) return undefined
  return keys.every(key => isCell(value[key])) ? keys : undefined
}

/** How many cells a shape takes. */
export function widthOf(shape: ValueShape): number {
  if (shape === 'cell') return 1
  return shape === 'undefined' ? 0 : shape.length
}

/**
 * Appends a value to the cells, reading each property once.
 *
 * @returns About how many bytes it takes; -1 when it has another shape. Part of it may be in the cells then.
 */
export function writeValue(shape: ValueShape, value: unknown, cells: unknown[]): number {
  if (shape === 'cell') {
    if (!isCell(value)) return -1
    cells.push(value)
    return sizeOf(value)
  }
  if (shape === 'undefined') return value === undefined ? 0 : -1
  if (!isPlainObject(value)) return -1
  let bytes = 0
  let at = 0
  // V8 optimizes this form of a loop: it makes no list of keys. Keys that a prototype adds are not in the shape.
  for (const key in value) {
    if (key !== shape[at]) return -1
    at += 1
    const property = value[key]
    if (!isCell(property)) return -1
    cells.push(property)
    bytes += sizeOf(property)
  }
  return at === shape.length ? bytes : -1
}

/** Rebuilds a value from the cells from `at` on. */
export type ReadValue = (cells: readonly unknown[], at: number) => unknown

/** Reads values of a shape. It is compiled, which takes a fifth of the time of assigning one property after the other. */
export function readerOf(shape: ValueShape): ReadValue {
  if (shape === 'cell') return (cells, at) => cells[at]
  if (shape === 'undefined') return () => undefined
  // Keys are JSON texts, and none is __proto__, so no part of them is executed.
  const properties = shape.map((key, index) => `${JSON.stringify(key)}:cells[at+${index}]`)
  return compileFunction(`return {${properties.join(',')}}`, ['cells', 'at']) as ReadValue
}

/** Whether JSON preserves a value that is not an object. */
function isCell(value: unknown): value is string | number | boolean | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      // No NaN, no infinity, no -0.
      return value - value === 0 && (value !== 0 || 1 / value > 0)
    default:
      return value === null
  }
}

/** Whether JSON writes a key with an escape. */
function hasEscape(key: string): boolean {
  return JSON.stringify(key).includes('\\')
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !types.isProxy(value)
  )
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? 8 + value.length : 8
}
