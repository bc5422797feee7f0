import { messageOf } from '../base/errors/thrown.js'

const CLASSES = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
} as const

/** A class of errors that every thread has. */
export type ErrorType = keyof typeof CLASSES

/** What the text of an error is made of, and how it is found again in another thread. */
export interface ErrorShape {
  readonly type: ErrorType
  /** Differs from the type for classes of users and libraries. */
  readonly name: string
  /** Undefined when the error has none of its own. */
  readonly message: string | undefined
  /** Undefined when the error has none, or one that is no text. */
  readonly stack: string | undefined
}

const SHAPE = new Set(['name', 'message', 'stack'])
const TYPES = new Map<unknown, ErrorType>(
  Object.keys(CLASSES)
    .filter(isErrorType)
    .map(type => [CLASSES[type].prototype, type]),
)

export function isErrorType(name: unknown): name is ErrorType {
  return typeof name === 'string' && Object.hasOwn(CLASSES, name)
}

/** Nothing keeps programs from assigning what is no text, or from making what throws when it is read. */
export function errorShape(error: Error): ErrorShape {
  const type = errorType(error)
  const stack = attempt(() => error.stack as unknown)
  return {
    type,
    name: attempt(() => errorName(error, type)) ?? type,
    message: errorMessage(error),
    stack: typeof stack === 'string' ? stack : undefined,
  }
}

/** The names of the properties that the language itself puts on an error, in addition to its shape. */
export function hiddenKeys(error: Error, type: ErrorType): string[] {
  const keys = type === 'AggregateError' ? ['cause', 'errors'] : ['cause']
  return keys.filter(key => Object.hasOwn(error, key))
}

/** The names of the data that users put on an error. A `code` counts even when the class computes it. */
export function dataKeys(error: Error, type: ErrorType): string[] {
  const hidden = hiddenKeys(error, type)
  const keys = Object.keys(error).filter(key => !SHAPE.has(key) && !hidden.includes(key))
  const code = attempt(() => ('code' in error ? error.code : undefined))
  const isComputed = (typeof code === 'string' || typeof code === 'number') && !keys.includes('code')
  return isComputed ? [...keys, 'code'] : keys
}

/** Makes an error that is one to the engine too. */
export function errorOf({ type, name, message, stack }: ErrorShape): Error {
  const error = withoutTrace(() =>
    type === 'AggregateError' ? new AggregateError([], message) : new CLASSES[type](message),
  )
  if (name !== type) defineHidden(error, 'name', name)
  if (stack === undefined) Reflect.deleteProperty(error, 'stack')
  else defineHidden(error, 'stack', stack)
  return error
}

/** Defines a property as constructors of errors do theirs. */
export function defineHidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
}

function errorType(error: Error): ErrorType {
  for (let prototype: unknown = error; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const type = TYPES.get(prototype)
    if (type !== undefined) return type
  }
  // An error of another realm, as of node:vm, has other prototypes with the same names.
  const name = attempt(() => error.name)
  return isErrorType(name) ? name : 'Error'
}

function errorMessage(error: Error): string | undefined {
  try {
    const message: unknown = error.message
    return Object.hasOwn(error, 'message') || hasText(message) ? String(message) : undefined
  } catch {
    return messageOf(error)
  }
}

/** The name that the error gives itself; that of its class, when the class did not bother. */
function errorName(error: Error, type: ErrorType): string {
  const { name, constructor }: { name: unknown; constructor: { name: unknown } | undefined } = error
  const given = hasText(name) ? name : type
  return given === type && hasText(constructor?.name) ? constructor.name : given
}

/** Undefined when it throws. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function hasText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Capturing a trace, which the original's replaces, would take three quarters of the time. */
function withoutTrace<T>(make: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}
