import { ARRAY, DOUBLES, INTEGERS, LIST, MAP, RECORD, SET } from '../parts.js'

const MAX_ARRAY_LENGTH = 2 ** 32 - 1

/** Makes the object that a code stands for, without what is inside it; undefined when there is none that can be empty. */
export function openObject(code: number): object | undefined {
  switch (code) {
    case LIST:
    case INTEGERS:
    case DOUBLES:
    case ARRAY:
      return []
    case RECORD:
      return {}
    case MAP:
      return new Map()
    case SET:
      return new Set()
    default:
      return undefined
  }
}

/** Defines and does not assign: a key such as `__proto__` becomes a property like any other. */
export function defineShown(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: true })
}

/** Sets a length without memory for all of it: V8 keeps an array with an element far behind the others as a dictionary. */
export function setLength(array: unknown[], length: number): void {
  if (length > array.length) {
    array[length - 1] = undefined
    Reflect.deleteProperty(array, length - 1)
  }
  array.length = length
}

export function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ARRAY_LENGTH
}
